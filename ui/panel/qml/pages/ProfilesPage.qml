// SPDX-License-Identifier: Apache-2.0
// The profiles of one cloud: open, add, rename, sign in again, delete.
pragma ComponentBehavior: Bound
import QtQuick
import Panel

PanelPage {
    id: page

    // What was unlocked is locked again on the way back.
    property bool away: false

    function create() {
        away = true;
        Router.open("NewProfile");
    }
    function link(fresh: bool) {
        Linking.follow(Profile.profileId, fresh);
        Router.open("Link");
    }

    name: "Profiles"
    forEverybody: true
    title: Providers.titleOf(Profiles.provider)
    onBackTapped: Router.back()
    onVisibleChanged: {
        if (visible && away)
            Profile.close();
        if (visible)
            away = false;
    }

    Component.onDestruction: Profile.close()

    tools: [
        IconButton {
            glyph: Icons.add
            objectName: "add-button"
            text: qsTr("Create profile")
            visible: Profiles.face === Face.Content
            onClicked: page.create()
        }
    ]

    Connections {
        function onPinWanted() {
            Router.open("Pin");
        }
        function onPassed(step: int) {
            page.away = false; // nobody comes back here
            if (!page.visible)
                Router.backTo("Profiles");
            page.away = step !== Profile.Delete && step !== Profile.Refused;
            switch (step) {
            case Profile.Files:
                Files.openRoot();
                Router.open("Files");
                break;
            case Profile.LookAtAccount:
                Router.open("Linked");
                break;
            case Profile.Rename:
                Router.open("Rename");
                break;
            case Profile.Delete:
                confirm.open();
                break;
            case Profile.ShowCode:
                page.link(false);
                break;
            case Profile.NewCode:
                page.link(true);
                break;
            case Profile.Refused:
                refused.open();
                break;
            }
        }

        target: Profile
    }

    FaceView {
        anchors.fill: parent
        emptyAction: qsTr("Create profile")
        emptyActionName: "create-profile-button"
        emptyGlyph: Icons.user
        emptyText: qsTr("A profile links this printer to your cloud account. It takes a minute, with your phone.")
        emptyTitle: qsTr("No profiles yet")
        errorCode: Profiles.errorCode
        face: Profiles.face
        onEmptyActionTapped: page.create()
        onFailedActionTapped: Profiles.load()

        AppList {
            id: list

            anchors.fill: parent
            focus: true
            model: Profiles
            objectName: "profile-list"

            delegate: ListRow {
                id: row

                required property int index
                required property string profileId
                required property string name
                required property string account
                required property bool hasPin
                required property bool locked
                required property string profileState
                required property bool pinDead
                required property date accessEnds
                readonly property string ending: profileState === "ready" ? Panel.words.accessEnds(accessEnds) : ""
                readonly property bool troubled: profileState === "expired" || profileState === "revoked" || profileState === "domain-refused" || pinDead
                readonly property bool opening: Profile.busy && Profile.profileId === profileId

                detail: {
                    if (opening)
                        return qsTr("Opening…");
                    if (pinDead)
                        return Panel.words.errorTitle("pin-dead");
                    if (profileState !== "ready")
                        return Panel.words.profileState(profileState);
                    return ending === "" ? account : ending;
                }
                detailInk: troubled ? Theme.bad : ending !== "" ? Theme.warn : Theme.textSoft
                glyphFill: Theme.highContrast ? "#000000" : Theme.accentSoft
                glyphInk: Theme.accentSoftInk
                initial: name.substring(0, 1).toUpperCase()
                objectName: "profile-row-" + index
                title: name
                width: list.width
                onClicked: Profile.start(profileId, "")

                Icon {
                    color: row.locked ? Theme.bad : Theme.textSoft
                    text: Icons.lock
                    visible: row.hasPin
                }
                IconButton {
                    glyph: Icons.menu
                    objectName: "profile-menu-" + row.index
                    text: qsTr("Menu of %1").arg(row.name)
                    onClicked: {
                        menu.profileId = row.profileId;
                        menu.title = row.name;
                        menu.note = [row.account, Panel.words.profileState(row.profileState), row.ending].filter(one => one !== "").join("  ·  ");
                        menu.open();
                    }
                }
            }
        }
    }
    ChoiceDialog {
        id: menu

        property string profileId: ""

        glyphs: [Icons.edit, Icons.login, Icons.trash]
        keys: ["rename", "sign-in", "delete"]
        namePrefix: "menu-"
        words: [qsTr("Rename"), qsTr("Sign in again"), qsTr("Delete")]
        onChosen: key => Profile.start(profileId, key)
    }
    NoticeDialog {
        id: refused

        glyph: Icons.failed
        text: [Panel.words.errorWhy("domain-refused"), Panel.words.domainAdvice(Panel.allowedDomains)].join(" ").trim()
        title: Panel.words.errorTitle("domain-refused")
        onClosed: Profile.close()
    }
    ConfirmDialog {
        id: confirm

        confirm: qsTr("Delete")
        text: qsTr("The profile and its access to the cloud are removed from this device. Your files in the cloud stay.")
        //: %1 is a profile's name
        title: qsTr("Delete “%1”?").arg(Profile.name)
        onClosed: Qt.callLater(() => Profile.busy ? undefined : Profile.close()) // unless it is being removed
        onConfirmed: Profile.remove()
    }
    NoticeDialog {
        glyph: Icons.failed
        text: Profile.errorDomains.length > 0 ? Panel.words.domainAdvice(Profile.errorDomains)
                                              : [Panel.words.errorWhy(Profile.errorCode), Panel.words.errorAdvice(Profile.errorCode)].join(" ").trim()
        title: Panel.words.errorTitle(Profile.errorCode)
        visible: page.visible && Profile.errorCode !== "" && Profile.errorCode !== "profile-locked"
        onClosed: Profile.forgetError()
    }
}
