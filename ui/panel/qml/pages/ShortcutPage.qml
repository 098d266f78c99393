// SPDX-License-Identifier: Apache-2.0
// One shortcut: what it prints or where it scans to, its settings for this time, and Print or Scan.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    readonly property bool sound: TheShortcut.checked && TheShortcut.problem === ""
    readonly property bool broken: TheShortcut.checked && TheShortcut.problem !== ""
    readonly property var device: TheShortcut.printing ? Printer : Scanner
    // The person comes in again by the page above.
    property bool entering: false

    name: "Shortcut"
    title: TheShortcut.name
    actionsShown: TheShortcut.checked
    onBackTapped: Router.back()
    onVisibleChanged: visible ? entering = false : undefined

    Component.onCompleted: TheShortcut.check()
    Component.onDestruction: Profile.close()

    tools: [
        IconButton {
            glyph: Icons.edit
            objectName: "edit-button"
            text: qsTr("Edit")
            visible: page.sound
            onClicked: page.edit()
        }
    ]

    function edit() {
        TheShortcut.beginEdit();
        Router.open("ShortcutEdit");
    }

    Connections {
        function onAccepted(jobId: string) {
            Job.follow(jobId);
            Router.replace("Job");
        }
        function onRemoved() {
            if (page.visible)
                Router.back();
        }

        target: TheShortcut
    }
    Connections {
        function onOpenedNow() {
            Router.backTo("Shortcut");
            TheShortcut.check();
        }

        enabled: page.entering
        target: Profile
    }

    FaceView {
        anchors.fill: parent
        errorCode: TheShortcut.checkError
        face: TheShortcut.checked ? Face.Content : TheShortcut.checkError !== "" ? Face.Failed : Face.Loading
        rowsExpected: false
        onFailedActionTapped: {
            const shut = TheShortcut.checkError === "access-revoked";
            page.entering = shut || (TheShortcut.checkError === "pin-required" && Profile.hasPin);
            if (shut)
                Linking.follow(Profile.profileId, true);
            if (page.entering)
                Router.open(shut ? "Link" : "Pin");
            else
                TheShortcut.check();
        }

        Message {
            anchors.fill: parent
            glyph: Icons.failed
            glyphInk: Theme.bad
            //: %1 is an error code such as "offline"; people tell it to their administrator
            note: qsTr("Code: %1").arg(TheShortcut.problem)
            text: Panel.words.shortcutAdvice(TheShortcut.kind, TheShortcut.problem)
            title: Panel.words.shortcutProblem(TheShortcut.kind, TheShortcut.problem)
            titleName: "shortcut-problem"
            visible: page.broken
        }
        GridLayout {
            anchors.fill: parent
            columnSpacing: 0
            columns: Theme.portrait ? 1 : 2
            rowSpacing: 0
            visible: page.sound

            DocumentCard {
                Layout.fillHeight: !Theme.portrait
                Layout.fillWidth: Theme.portrait
                Layout.preferredWidth: Theme.portrait ? -1 : Theme.px(188)
                detail: Providers.titleOf(Profile.provider) + "\n" + Profile.name
                glyph: Icons.fileType(TheShortcut.targetType)
                glyphInk: Theme.fileType(TheShortcut.targetType)
                title: TheShortcut.targetName !== "" ? TheShortcut.targetName : Profile.name
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
                    visible: TheShortcut.errorCode !== ""
                    width: parent.width
                }
                PrintSettings {
                    visible: TheShortcut.printing
                    width: parent.width
                }
                ScanSettings {
                    nameLabel: qsTr("File name")
                    //: %1 is a name; the date and time follow it in a file's name
                    nameShown: qsTr("%1, date and time").arg(Scanner.documentName !== "" ? Scanner.documentName : TheShortcut.name)
                    visible: !TheShortcut.printing
                    width: parent.width
                }
            }
        }
    }
    ConfirmDialog {
        id: confirm

        confirm: qsTr("Delete")
        text: qsTr("The file or folder in the cloud stays.")
        //: %1 is a shortcut's name
        title: qsTr("Delete “%1”?").arg(TheShortcut.name)
        onConfirmed: TheShortcut.remove()
    }

    actions: [
        AppButton {
            Accessible.name: qsTr("Delete shortcut")
            enabled: !TheShortcut.busy
            glyph: Theme.portrait ? Icons.trash : ""
            objectName: "delete-button"
            text: Theme.portrait ? "" : qsTr("Delete shortcut")
            visible: page.broken
            onClicked: confirm.open()
        },
        AppButton {
            objectName: "cancel-button"
            text: qsTr("Cancel")
            visible: page.sound
            onClicked: Router.back()
        },
        Item {
            Layout.fillWidth: true
            visible: page.broken || Theme.portrait
        },
        AppText {
            Layout.fillWidth: true
            color: Theme.textSoft
            horizontalAlignment: Text.AlignRight
            objectName: "summary"
            rightPadding: Theme.gap
            text: !page.device.ready ? ""
                  : TheShortcut.printing ? Panel.words.printSummary(Printer.copies, Printer.sides, Printer.colorMode, Printer.media)
                  : Panel.words.scanSummary(Scanner.source, Scanner.colorMode, Scanner.resolution)
            visible: page.sound && !Theme.portrait
        },
        AppButton {
            focus: page.broken
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: "choose-another-button"
            text: TheShortcut.printing ? qsTr("Choose another file") : qsTr("Choose another folder")
            visible: page.broken
            onClicked: page.edit()
        },
        AppButton {
            enabled: !TheShortcut.busy && (page.device.ready || page.device.errorCode !== "")
            focus: page.sound
            glyph: TheShortcut.printing ? Icons.printer : Icons.scanner
            leastWidth: Theme.portrait ? 0 : Theme.px(220)
            main: true
            objectName: TheShortcut.printing ? "print-button" : "scan-button"
            text: TheShortcut.printing ? qsTr("Print") : qsTr("Scan")
            visible: page.sound
            working: TheShortcut.busy
            onClicked: TheShortcut.run()
        }
    ]
}
