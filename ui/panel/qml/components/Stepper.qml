// SPDX-License-Identifier: Apache-2.0
// A number with less and more.
import QtQuick
import Panel

Row {
    id: root

    property int value: 1
    property int from: 1
    property int to: 99
    property string label: ""
    property string namePrefix: ""

    signal changed(int value)

    spacing: Theme.gap

    AppButton {
        Accessible.name: qsTr("Fewer: %1").arg(root.label)
        enabled: root.value > root.from
        glyph: Icons.remove
        leastWidth: Theme.px(72)
        objectName: root.namePrefix + "-less"
        onClicked: root.changed(root.value - 1)
    }
    AppText {
        Accessible.name: root.label + " " + root.value
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        height: Theme.target
        horizontalAlignment: Text.AlignHCenter
        objectName: root.namePrefix + "-value"
        text: root.value
        verticalAlignment: Text.AlignVCenter
        width: Theme.px(64)
    }
    AppButton {
        Accessible.name: qsTr("More: %1").arg(root.label)
        enabled: root.value < root.to
        glyph: Icons.add
        leastWidth: Theme.px(72)
        objectName: root.namePrefix + "-more"
        onClicked: root.changed(root.value + 1)
    }
}
