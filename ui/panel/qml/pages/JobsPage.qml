// SPDX-License-Identifier: Apache-2.0
// All jobs, newest first.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    function stateOf(kind: string, screen: int, progress: real, reason: string, error: string): string {
        switch (screen) {
        case Jobs.Running:
            return kind === "print" ? qsTr("Printing") : qsTr("Scanning and saving");
        case Jobs.Waiting:
            return Panel.words.errorTitle(reason);
        case Jobs.NextPage:
            return qsTr("Waiting for the next page");
        case Jobs.Decision:
            return qsTr("Waiting for your decision");
        case Jobs.Done:
            return kind === "print" ? qsTr("Printed") : qsTr("Saved in the cloud");
        case Jobs.Aborted:
            return Panel.words.errorTitle(error);
        case Jobs.Canceled:
            return qsTr("Cancelled");
        default:
            return "";
        }
    }

    name: "Jobs"
    forEverybody: true
    title: qsTr("Jobs")
    onBackTapped: Router.back()

    FaceView {
        anchors.fill: parent
        emptyGlyph: Icons.jobs
        emptyText: qsTr("What you print or scan shows here for a day.")
        emptyTitle: qsTr("No jobs")
        errorCode: Jobs.errorCode
        face: Jobs.face
        onFailedActionTapped: Jobs.load()

        AppList {
            id: list

            anchors.fill: parent
            focus: true
            model: Jobs
            objectName: "job-list"

            delegate: ListRow {
                id: row

                required property int index
                required property string jobId
                required property string kind
                required property string name
                required property int screen
                required property real progress
                required property string reason
                required property string error
                required property date created

                detail: page.stateOf(kind, screen, progress, reason, error)
                detailInk: screen === Jobs.Aborted ? Theme.bad : screen === Jobs.Waiting || screen === Jobs.Decision || screen === Jobs.NextPage ? Theme.warn : Theme.textSoft
                elideMiddle: true
                glyph: kind === "print" ? Icons.printer : Icons.scanner
                objectName: "job-row-" + index
                title: name !== "" ? name : Panel.words.otherJob(kind)
                width: list.width
                onClicked: {
                    Job.follow(jobId);
                    Router.open("Job");
                }

                Bar {
                    Layout.preferredWidth: Theme.px(110)
                    value: row.progress
                    visible: row.screen === Jobs.Running
                }
                AppText {
                    color: Theme.textSoft
                    text: Panel.words.time(row.created)
                    visible: row.screen !== Jobs.Running
                }
                Icon {
                    Layout.rightMargin: Theme.gap
                    color: row.screen === Jobs.Done ? Theme.good : row.screen === Jobs.Aborted ? Theme.bad : row.screen === Jobs.Running || row.screen === Jobs.Canceled ? Theme.textSoft : Theme.warn
                    text: row.screen === Jobs.Done ? Icons.done : row.screen === Jobs.Aborted ? Icons.failed : row.screen === Jobs.Canceled ? Icons.canceled : row.screen === Jobs.Running ? Icons.next : Icons.warning
                }
            }
        }
    }
}
