// SPDX-License-Identifier: Apache-2.0
// The settings of a print below each other, as far as this printer has them.
import QtQuick
import Panel

Column {
    id: root

    property bool rangesShown: true

    spacing: Theme.px(14)

    Notice {
        fill: Theme.warnSoft
        glyph: Icons.warning
        ink: Theme.warn
        text: qsTr("You can print now; it starts when the printer is ready.")
        title: Panel.words.printerState(Printer.state, Printer.reasons)
        visible: Printer.known && !Printer.well
        width: parent.width
    }
    Setting {
        label: qsTr("Copies")
        visible: Printer.maxCopies > 1
        width: parent.width

        Stepper {
            label: qsTr("Copies")
            namePrefix: "copies"
            to: Printer.maxCopies
            value: Printer.copies
            onChanged: value => Printer.copies = value
        }
    }
    Setting {
        label: qsTr("Colour")
        visible: Printer.colorModes.length > 1
        width: parent.width

        Choices {
            current: Printer.colorMode
            keys: Printer.colorModes
            label: qsTr("Colour")
            namePrefix: "color-"
            width: parent.width
            words: Printer.colorModes.map(one => Panel.words.colorMode(one))
            onChosen: key => Printer.colorMode = key
        }
    }
    Setting {
        label: qsTr("Sides")
        visible: Printer.sidesChoices.length > 1
        width: parent.width

        Choices {
            current: Printer.sides
            keys: Printer.sidesChoices
            label: qsTr("Sides")
            namePrefix: "sides-"
            width: parent.width
            words: Printer.sidesChoices.map(one => Panel.words.sides(one))
            onChosen: key => Printer.sides = key
        }
    }
    Setting {
        label: qsTr("Pages")
        visible: root.rangesShown
        width: parent.width

        ValueButton {
            glyph: Icons.next
            label: qsTr("Pages")
            objectName: "range-row"
            value: Printer.pageRanges === "" ? qsTr("All pages") : Printer.pageRanges
            valueMayElide: true
            width: parent.width
            onClicked: Router.open("PageRange")
        }
    }
    Setting {
        label: qsTr("Paper")
        visible: Printer.mediaChoices.length > 1
        width: parent.width

        ValueButton {
            label: qsTr("Paper")
            objectName: "media-row"
            value: Panel.words.media(Printer.media)
            width: parent.width
            onClicked: media.open()
        }
    }
    Setting {
        label: qsTr("Quality")
        visible: Printer.qualities.length > 1
        width: parent.width

        ValueButton {
            label: qsTr("Quality")
            objectName: "quality-row"
            value: Panel.words.quality(Printer.quality)
            width: parent.width
            onClicked: quality.open()
        }
    }
    ChoiceDialog {
        id: media

        current: Printer.media
        keys: Printer.mediaChoices
        title: qsTr("Paper")
        words: Printer.mediaChoices.map(one => Panel.words.media(one))
        onChosen: key => Printer.media = key
    }
    ChoiceDialog {
        id: quality

        current: Printer.quality
        keys: Printer.qualities
        title: qsTr("Quality")
        words: Printer.qualities.map(one => Panel.words.quality(one))
        onChosen: key => Printer.quality = key
    }
}
