// SPDX-License-Identifier: Apache-2.0
// Makes a shortcut, or changes one: its name, what it prints or where it scans to, its settings.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    readonly property string target: TheShortcut.draftTargetName !== "" ? TheShortcut.draftTargetName : Profile.name

    name: "ShortcutEdit"
    title: !TheShortcut.isNew ? qsTr("Edit shortcut") : TheShortcut.printing ? qsTr("New print shortcut") : qsTr("New scan shortcut")
    actionsShown: true
    onBackTapped: Router.back()

    Connections {
        function onSaved() {
            if (page.visible)
                Router.back();
        }

        target: TheShortcut
    }

    GridLayout {
        anchors.fill: parent
        columnSpacing: 0
        columns: Theme.portrait ? 1 : 2
        rowSpacing: 0

        DocumentCard {
            Layout.fillHeight: !Theme.portrait
            Layout.fillWidth: Theme.portrait
            Layout.preferredWidth: Theme.portrait ? -1 : Theme.px(188)
            detail: Providers.titleOf(Profile.provider) + "\n" + Profile.name
            glyph: Icons.fileType(TheShortcut.draftTargetType)
            glyphInk: Theme.fileType(TheShortcut.draftTargetType)
            title: page.target
        }
        Form {
            Layout.fillHeight: true
            Layout.fillWidth: true

            Notice {
                fill: Theme.badSoft
                glyph: Icons.failed
                ink: Theme.bad
                text: Panel.words.errorAdvice(TheShortcut.errorCode)
                title: Panel.words.errorTitle(TheShortcut.errorCode)
                titleName: "shortcut-error"
                visible: TheShortcut.errorCode !== ""
                width: parent.width
            }
            Setting {
                label: qsTr("Name")
                width: parent.width

                ValueButton {
                    focus: true
                    glyph: Icons.edit
                    label: qsTr("Name")
                    objectName: "shortcut-name-row"
                    value: TheShortcut.draftName
                    valueMayElide: true
                    width: parent.width
                    onClicked: Router.open("ShortcutName")
                }
            }
            Setting {
                label: TheShortcut.printing ? qsTr("File") : qsTr("Folder")
                visible: !TheShortcut.isNew
                width: parent.width

                ValueButton {
                    glyph: Icons.next
                    label: TheShortcut.printing ? qsTr("File") : qsTr("Folder")
                    objectName: "target-row"
                    value: page.target
                    valueMayElide: true
                    width: parent.width
                    onClicked: {
                        TheShortcut.startChoosing();
                        Router.open("Files");
                    }
                }
            }
            PrintSettings {
                visible: TheShortcut.printing
                width: parent.width
            }
            ScanSettings {
                nameLabel: qsTr("File name")
                //: %1 is a name; the date and time follow it in a file's name
                nameShown: qsTr("%1, date and time").arg(Scanner.documentName !== "" ? Scanner.documentName : TheShortcut.draftName)
                visible: !TheShortcut.printing
                width: parent.width
            }
            Setting {
                label: qsTr("Home screen")
                width: parent.width

                Choices {
                    current: TheShortcut.draftPinned ? "yes" : "no"
                    keys: ["yes", "no"]
                    label: qsTr("Home screen")
                    namePrefix: "pinned-"
                    width: parent.width
                    words: [qsTr("Show there"), qsTr("Not there")]
                    onChosen: key => TheShortcut.draftPinned = key === "yes"
                }
            }
        }
    }

    actions: [
        AppButton {
            objectName: "cancel-button"
            text: qsTr("Cancel")
            onClicked: Router.back()
        },
        Item {
            Layout.fillWidth: true
        },
        AppButton {
            enabled: !TheShortcut.busy && TheShortcut.draftName !== ""
            leastWidth: Theme.portrait ? 0 : Theme.px(220)
            main: true
            objectName: "save-button"
            text: qsTr("Save")
            working: TheShortcut.busy
            onClicked: TheShortcut.save()
        }
    ]
}
