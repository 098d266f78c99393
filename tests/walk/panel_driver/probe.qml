// SPDX-License-Identifier: Apache-2.0
// Buttons that can and cannot be reached, texts that fit and do not, a list to swipe.
import QtQuick

Rectangle {
    id: root
    width: 400
    height: 300
    property int taps: 0

    component Key: Rectangle {
        id: key
        required property string text
        signal clicked
        width: 120
        height: 60
        color: "silver"
        Text { anchors.centerIn: parent; text: key.text }
        TapHandler { onTapped: key.clicked() }
    }

    Key { objectName: "first"; text: "First"; x: 10; y: 10; onClicked: root.taps++ }
    Key { objectName: "covered"; text: "Covered"; x: 140; y: 10; onClicked: root.taps++ }
    Key { objectName: "disabled"; text: "Disabled"; x: 270; y: 10; enabled: false }
    Rectangle { x: 140; y: 10; width: 120; height: 60; color: "transparent"; MouseArea { objectName: "lid"; anchors.fill: parent } }
    Text { objectName: "count"; x: 10; y: 80; text: root.taps + " taps" }
    Text { objectName: "tooLong"; x: 10; y: 110; width: 60; elide: Text.ElideRight; text: "Much longer than its place" }
    Text { objectName: "under"; x: 200; y: 110; text: "One over" }
    Text { objectName: "over"; x: 210; y: 114; text: "the other" }
    TextInput { objectName: "field"; x: 10; y: 140; width: 200; height: 30; focus: true }
    Key {
        objectName: "late"; text: "Late"; x: 270; y: 140; visible: root.taps > 0
        onClicked: slide.start()
        NumberAnimation on x { id: slide; running: false; from: 0; to: 270; duration: 150 }
    }
    ListView {
        objectName: "list"
        x: 10; y: 200; width: 380; height: 90; clip: true
        model: 50
        delegate: Text {
            required property int index
            objectName: "row" + index
            height: 30; text: "Row " + index
        }
    }
}
