// SPDX-License-Identifier: Apache-2.0
// Over everything while the service does not answer. Goes by itself when it is back.
import QtQuick
import Panel

Rectangle {
    color: Theme.background
    objectName: "service-lost"

    MouseArea {
        anchors.fill: parent
    }
    Message {
        anchors.fill: parent
        glyph: Panel.connection === Panel.Connecting ? Icons.waiting : Icons.lost
        note: qsTr("Code: %1").arg("service-lost")
        text: Panel.connection === Panel.Connecting ? qsTr("This takes a few seconds.")
                                                    : qsTr("The panel reconnects by itself. Running jobs go on, and nothing is lost.")
        title: Panel.connection === Panel.Connecting ? qsTr("Starting…") : qsTr("One moment, please")
    }
}
