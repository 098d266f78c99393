// SPDX-License-Identifier: Apache-2.0
// A short list to choose from: a menu, or the values of a setting (then the present one is marked).
pragma ComponentBehavior: Bound
import QtQuick
import Panel

PanelDialog {
    id: root

    property string title: ""
    property string note: ""
    property list<string> keys
    property list<string> words
    property list<string> glyphs
    property string current: ""
    property string namePrefix: "choice-"

    signal chosen(string key)

    bottomPadding: Theme.gap
    contentHeight: heading.height + (note === "" ? 0 : remark.height) + choices.contentHeight + Theme.gap
    leftPadding: Theme.gap
    rightPadding: Theme.gap

    contentItem: Item {
        AppText {
            id: heading

            Accessible.role: Accessible.Heading
            bottomPadding: root.note === "" ? Theme.gap : Theme.px(2)
            font.pixelSize: Theme.rowSize
            font.weight: Font.DemiBold
            leftPadding: Theme.gap
            mayElide: true
            text: root.title
            width: parent.width
        }
        AppText {
            id: remark

            anchors.top: heading.bottom
            bottomPadding: Theme.gap
            color: Theme.textSoft
            leftPadding: Theme.gap
            rightPadding: Theme.gap
            text: root.note
            visible: text !== ""
            width: parent.width
            wrapMode: Text.WrapAtWordBoundaryOrAnywhere
        }
        AppList {
            id: choices

            anchors.bottom: parent.bottom
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: remark.visible ? remark.bottom : heading.bottom
            focus: true
            model: root.keys

            delegate: ListRow {
                required property int index
                required property string modelData

                glyph: root.glyphs.length > index ? root.glyphs[index] : modelData === root.current ? Icons.radioOn : Icons.radioOff
                glyphInk: modelData === root.current ? Theme.accent : Theme.textSoft
                height: Theme.px(60)
                leftPadding: Theme.gap
                lined: index + 1 < root.keys.length
                objectName: root.namePrefix + (root.namePrefix === "choice-" ? index : modelData)
                title: root.words[index] ?? ""
                width: choices.width
                onClicked: {
                    root.close();
                    root.chosen(modelData);
                }
            }
        }
    }
}
