// SPDX-License-Identifier: Apache-2.0
// Whose account a new profile is linked to, before it is opened for the first time: a code on a screen can be photographed,
// and whoever uses it first links an account of theirs.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    readonly property string cloud: Providers.titleOf(Profile.provider)
    // What the cloud vouches for comes first.
    readonly property bool byMail: Profile.accountVerified || Profile.accountName === ""
    readonly property string told: byMail ? Profile.account : Profile.accountName
    readonly property string account: told !== "" ? told : qsTr("without an e-mail address")
    // A long address is broken before its @, and small enough to be broken nowhere else.
    readonly property string shown: account.length > (Theme.portrait ? 26 : 54) ? account.replace("@", "\n@") : account
    readonly property int longestLine: Math.max(...shown.split("\n").map(line => line.length))
    readonly property string more: {
        if (Profile.accountVerified || Profile.account === "")
            return "";
        //: %1 is a cloud's name such as Dropbox
        const note = qsTr("address not verified by %1").arg(cloud);
        return byMail ? note : Profile.account + "  ·  " + note;
    }

    name: "Linked"
    title: qsTr("Account linked")
    actionsShown: true
    // The person may still be looking at the phone.
    patience: 120
    onBackTapped: Router.back()

    Connections {
        function onRemoved() {
            Router.backTo("Profiles");
        }

        target: Profile
    }

    Column {
        anchors.centerIn: parent
        spacing: Theme.px(10)
        width: Math.min(parent.width - 2 * Theme.gapLarge, Theme.px(720))

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            color: Theme.highContrast ? Theme.text : Theme.provider(Profile.provider)
            size: Theme.px(64)
            text: Icons.user
        }
        AppText {
            font.pixelSize: Theme.px(20)
            horizontalAlignment: Text.AlignHCenter
            //: %1 is a profile's name, %2 a cloud's name such as Dropbox
            text: qsTr("“%1” is linked to this %2 account:").arg(Profile.name).arg(page.cloud)
            width: parent.width
        }
        AppText {
            Accessible.role: Accessible.Heading
            font.pixelSize: Math.max(Theme.px(16), Math.min(Theme.px(28), width / (0.6 * page.longestLine)))
            font.weight: Font.Bold
            horizontalAlignment: Text.AlignHCenter
            objectName: "linked-account"
            text: page.shown
            width: parent.width
            wrapMode: Text.Wrap
        }
        AppText {
            color: Theme.textSoft
            font.pixelSize: Theme.px(20)
            horizontalAlignment: Text.AlignHCenter
            objectName: "linked-more"
            text: page.more
            visible: text !== ""
            width: parent.width
        }
        Item {
            height: Theme.px(2)
            width: 1
        }
        AppText {
            font.pixelSize: Theme.px(20)
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Not your account? Then somebody else used your code.")
            width: parent.width
        }
    }
    ConfirmDialog {
        id: confirm

        confirm: qsTr("Remove")
        text: qsTr("The account is unlinked at once. Then make a new profile, and let nobody see its code.")
        //: %1 is a profile's name
        title: qsTr("Remove “%1”?").arg(Profile.name)
        onConfirmed: Profile.remove()
    }
    NoticeDialog {
        glyph: Icons.failed
        text: Profile.errorDomains.length > 0 ? Panel.words.domainAdvice(Profile.errorDomains)
                                              : [Panel.words.errorWhy(Profile.errorCode), Panel.words.errorAdvice(Profile.errorCode)].join(" ").trim()
        title: Panel.words.errorTitle(Profile.errorCode)
        visible: page.visible && Profile.errorCode !== ""
        onClosed: Profile.forgetError()
    }

    actions: [
        AppButton {
            enabled: !Profile.busy
            glyph: Icons.trash
            objectName: "linked-remove-button"
            text: Theme.portrait ? qsTr("Remove") : qsTr("Not you? Remove it")
            onClicked: confirm.open()
        },
        Item {
            Layout.fillWidth: true
        },
        AppButton {
            enabled: !Profile.busy
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: "linked-open-button"
            text: qsTr("Open files")
            working: Profile.busy
            onClicked: {
                Profile.seen();
                if (Profile.opened) {
                    Files.openRoot();
                    Router.replace("Files");
                } else if (Profile.hasPin)
                    Router.replace("Pin");
                else
                    Profile.open("");
            }
        }
    ]
}
