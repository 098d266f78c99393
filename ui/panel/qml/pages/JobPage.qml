// SPDX-License-Identifier: Apache-2.0
// One job: where it is, what is wrong, what the person can do.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    // Guests see what others do here, not what it is called.
    readonly property string jobName: Job.name !== "" ? Job.name : Panel.words.otherJob(Job.kind)
    readonly property bool printing: Job.kind === "print"
    readonly property int state_: Job.screen
    readonly property bool open: state_ === Jobs.Running || state_ === Jobs.Waiting || state_ === Jobs.NextPage || state_ === Jobs.Decision
    readonly property bool asks: state_ === Jobs.NextPage || state_ === Jobs.Decision
    // For tests: the screen's name.
    readonly property string screen: ["", "running", "waiting", "next-page", "decision", "done", "failed", "canceled"][state_]

    name: "Job"
    title: state_ === Jobs.Unknown ? "" : printing ? qsTr("Print job") : qsTr("Scan job")
    objectName: "job-page"
    actionsShown: state_ !== Jobs.Unknown
    // No guest is sent home while their pages come out. A person's session is not kept open for whoever comes by.
    patience: !Session.guest ? 0 : state_ === Jobs.Running ? -1 : open ? 300 : 0
    onBackTapped: Router.back()

    Connections {
        function onDismissed() {
            Router.back();
        }

        target: Job
    }

    FaceView {
        anchors.fill: parent
        errorCode: Job.errorCode
        face: page.state_ !== Jobs.Unknown ? Face.Content : Job.errorCode !== "" ? Face.Failed : Face.Loading
        onFailedActionTapped: Job.reload()

        Item {
            anchors.fill: parent
            visible: page.open

            Column {
                anchors.left: parent.left
                anchors.leftMargin: Theme.gapHuge
                anchors.right: parent.right
                anchors.rightMargin: Theme.gapHuge
                anchors.top: parent.top
                anchors.topMargin: Theme.gapLarge
                spacing: page.state_ === Jobs.Waiting ? Theme.px(10) : Theme.px(16)

                Column {
                    spacing: Theme.px(2)
                    width: parent.width

                    AppText {
                        elide: Text.ElideMiddle
                        font.pixelSize: Theme.px(26)
                        font.weight: Font.DemiBold
                        mayElide: true
                        objectName: "job-title"
                        text: page.jobName
                        width: parent.width
                    }
                    AppText {
                        color: Theme.textSoft
                        mayElide: true
                        text: Job.profileName === "" ? "" : page.printing ? qsTr("From %1").arg(Job.profileName) : qsTr("To the folder %1 of %2").arg(Job.folderName).arg(Job.profileName)
                        visible: text !== ""
                        width: parent.width
                    }
                }
                Bar {
                    ink: page.state_ === Jobs.Running ? Theme.accent : Theme.warn
                    objectName: "job-bar"
                    value: Job.progress
                    visible: !page.asks
                    width: parent.width
                }
                AppText {
                    color: Theme.textSoft
                    objectName: "job-detail"
                    text: {
                        const parts = [];
                        if (Job.totalPages > 0 && Job.pages === 0)
                            parts.push(Panel.words.pages(Job.totalPages));
                        else if (Job.totalPages > 0)
                            parts.push(qsTr("Page %1 of %2").arg(Job.pages).arg(Job.totalPages));
                        else if (Job.pages > 0)
                            parts.push(Panel.words.pages(Job.pages));
                        if (Job.bytes > 0)
                            parts.push(Panel.words.sizeOf(Job.bytes, Job.totalBytes));
                        return parts.join("  ·  ");
                    }
                    visible: text !== "" && !page.asks
                    width: parent.width
                }
                Notice {
                    fill: Theme.warnSoft
                    glyph: Icons.warning
                    ink: Theme.warn
                    text: {
                        const waiting = Panel.words.waiting(Job.problem, Job.retryAt);
                        return waiting !== "" ? waiting : [Panel.words.errorWhy(Job.problem), Panel.words.errorAdvice(Job.problem)].filter(one => one !== "").join(" ");
                    }
                    title: Panel.words.errorTitle(Job.problem)
                    titleName: "job-problem"
                    visible: page.state_ === Jobs.Waiting
                    width: parent.width
                }
                StageList {
                    spacing: page.state_ === Jobs.Waiting ? Theme.px(4) : Theme.px(12)
                    at: Job.stageIndex
                    halted: page.state_ === Jobs.Waiting
                    keys: Job.stages
                    visible: !page.asks
                    words: Job.stages.map(one => Panel.words.stage(Job.kind, one))
                }
                Notice {
                    glyph: Icons.page
                    text: qsTr("Put the next page on the glass, or finish here.")
                    title: qsTr("%n page(s) scanned. Is there another one?", "", Job.pages)
                    visible: page.state_ === Jobs.NextPage
                    width: parent.width
                }
                Notice {
                    fill: Theme.warnSoft
                    glyph: Icons.warning
                    ink: Theme.warn
                    text: Panel.words.errorAdvice(Job.problem) + "\n" + qsTr("Your %n page(s) so far are safe.", "", Job.pages)
                    title: Panel.words.errorTitle(Job.problem)
                    titleName: "job-problem"
                    visible: page.state_ === Jobs.Decision
                    width: parent.width
                }
                Notice {
                    fill: Theme.badSoft
                    glyph: Icons.failed
                    ink: Theme.bad
                    text: Panel.words.errorAdvice(Job.actionError)
                    title: Panel.words.errorTitle(Job.actionError)
                    visible: Job.actionError !== ""
                    width: parent.width
                }
            }
        }
        Message {
            anchors.fill: parent
            glyph: Icons.done
            glyphInk: Theme.good
            text: page.printing ? [page.jobName, Job.pages > 0 ? Panel.words.pages(Job.pages) : ""].filter(one => one !== "").join("\n")
                                //: %1 is a document's name, %2 a folder's
                                : qsTr("%1\nis in the folder %2").arg(Job.resultName).arg(Job.folderName)
            title: page.printing ? qsTr("Printed") : qsTr("Saved in the cloud")
            titleName: "job-title"
            visible: page.state_ === Jobs.Done
        }
        FailedMessage {
            action: ""
            anchors.fill: parent
            code: Job.problem
            titleName: "job-problem"
            visible: page.state_ === Jobs.Aborted
        }
        Message {
            anchors.fill: parent
            glyph: Icons.canceled
            glyphInk: Theme.textSoft
            text: page.printing ? qsTr("Pages that were printed already stay in the tray.") : qsTr("Nothing was saved in the cloud.")
            title: qsTr("Cancelled")
            titleName: "job-title"
            visible: page.state_ === Jobs.Canceled
        }
    }

    actions: [
        AppButton {
            enabled: !Job.busy
            Accessible.name: qsTr("Cancel")
            glyph: Theme.portrait && page.asks ? Icons.close : ""
            objectName: "cancel-job-button"
            text: Theme.portrait && page.asks ? "" : qsTr("Cancel")
            visible: page.state_ === Jobs.Running || page.state_ === Jobs.Waiting || page.state_ === Jobs.NextPage
            onClicked: Job.cancel()
        },
        AppButton {
            enabled: !Job.busy
            Accessible.name: qsTr("Discard")
            glyph: Theme.portrait ? Icons.trash : ""
            objectName: "discard-button"
            text: Theme.portrait ? "" : qsTr("Discard")
            visible: page.state_ === Jobs.Decision
            onClicked: discard.open()
        },
        AppButton {
            enabled: !Job.busy
            Accessible.name: qsTr("Remove from list")
            glyph: Theme.portrait ? Icons.trash : ""
            objectName: "dismiss-button"
            text: Theme.portrait ? "" : qsTr("Remove from list")
            visible: !page.open
            onClicked: Job.dismiss()
        },
        Item {
            Layout.fillWidth: true
        },
        AppButton {
            objectName: "hide-button"
            //: Leaves the screen of a job, which goes on
            text: qsTr("Hide")
            visible: page.state_ === Jobs.Running || page.state_ === Jobs.Waiting
            onClicked: Router.back()
        },
        AppButton {
            enabled: !Job.busy
            objectName: "finish-button"
            text: page.state_ === Jobs.NextPage ? qsTr("Finish") : qsTr("Save %n page(s)", "", Job.pages)
            visible: page.asks
            onClicked: Job.proceed("finish")
        },
        AppButton {
            enabled: !Job.busy
            focus: true
            leastWidth: Theme.portrait ? 0 : Theme.px(240)
            main: true
            objectName: "next-page-button"
            text: qsTr("Scan next page")
            visible: page.state_ === Jobs.NextPage
            working: Job.busy
            onClicked: Job.proceed("next-page")
        },
        AppButton {
            enabled: !Job.busy
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: "retry-button"
            text: qsTr("Try again")
            visible: page.state_ === Jobs.Decision
            working: Job.busy
            onClicked: Job.proceed("retry")
        },
        AppButton {
            enabled: !Job.busy
            objectName: "again-button"
            text: qsTr("Print again")
            visible: !page.open && page.printing && page.state_ !== Jobs.Aborted
            onClicked: Job.again()
        },
        AppButton {
            leastWidth: Theme.portrait ? 0 : Theme.px(180)
            main: page.state_ !== Jobs.Aborted || !page.printing
            objectName: "done-button"
            text: page.state_ === Jobs.Done ? qsTr("Done") : qsTr("Close")
            visible: !page.open
            onClicked: Router.back()
        },
        AppButton {
            enabled: !Job.busy
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: "again-button"
            text: qsTr("Try again")
            visible: page.state_ === Jobs.Aborted && page.printing
            working: Job.busy
            onClicked: Job.again()
        }
    ]

    ConfirmDialog {
        id: discard

        confirm: qsTr("Discard")
        text: qsTr("The pages scanned so far are deleted.")
        title: qsTr("Discard this scan?")
        onConfirmed: Job.proceed("discard")
    }
}
