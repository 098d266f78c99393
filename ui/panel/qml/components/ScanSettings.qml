// SPDX-License-Identifier: Apache-2.0
// The settings of a scan below each other, as far as this scanner has them.
import QtQuick
import Panel

Column {
    id: root

    // What the document will be called, and the words before it.
    required property string nameShown
    property string nameLabel: qsTr("Name")

    spacing: Theme.px(14)

    Setting {
        label: qsTr("Source")
        visible: Scanner.sources.length > 1
        width: parent.width

        Choices {
            current: Scanner.source
            keys: Scanner.sources
            label: qsTr("Source")
            namePrefix: "source-"
            width: parent.width
            words: Scanner.sources.map(one => Panel.words.source(one))
            onChosen: key => Scanner.source = key
        }
    }
    Setting {
        label: qsTr("Pages")
        visible: Scanner.onGlass
        width: parent.width

        Choices {
            current: Scanner.manyPages ? "many" : "one"
            keys: ["one", "many"]
            label: qsTr("Pages")
            namePrefix: "pages-"
            width: parent.width
            words: [qsTr("One page"), qsTr("Several pages")]
            onChosen: key => Scanner.manyPages = key === "many"
        }
    }
    Setting {
        label: qsTr("Colour")
        visible: Scanner.colorModes.length > 1
        width: parent.width

        Choices {
            current: Scanner.colorMode
            keys: Scanner.colorModes
            label: qsTr("Colour")
            namePrefix: "color-"
            width: parent.width
            words: Scanner.colorModes.map(one => Panel.words.colorMode(one))
            onChosen: key => Scanner.colorMode = key
        }
    }
    Setting {
        label: root.nameLabel
        width: parent.width

        ValueButton {
            glyph: Icons.edit
            label: root.nameLabel
            objectName: "scan-name-row"
            value: root.nameShown
            valueMayElide: true
            width: parent.width
            onClicked: Router.open("DocumentName")
        }
    }
    Setting {
        //: Resolution of a scan, in dots per inch
        label: qsTr("Sharpness")
        visible: Scanner.resolutions.length > 1
        width: parent.width

        Choices {
            current: Scanner.resolution
            keys: Scanner.resolutions
            label: qsTr("Sharpness")
            namePrefix: "resolution-"
            width: parent.width
            //: Dots per inch
            words: Scanner.resolutions.map(one => qsTr("%1 dpi").arg(one))
            onChosen: key => Scanner.resolution = key
        }
    }
}
