// SPDX-License-Identifier: Apache-2.0
// Linking the cloud account: QR code, address and code, until the person has signed in elsewhere.
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    readonly property bool waiting: Linking.state === Linking.Waiting
    readonly property bool failed: Linking.state === Linking.Failed || Linking.state === Linking.Denied || Linking.state === Linking.Expired
                                   || Linking.state === Linking.Cancelled
    // Somebody tried, and it was not accepted; the code still works.
    readonly property string refusal: {
        if (!waiting || Linking.errorCode === "")
            return "";
        const advice = Linking.errorCode === "domain-refused" ? Panel.words.domainAdvice(Linking.errorDomains) : Panel.words.errorAdvice(Linking.errorCode);
        return Panel.words.errorTitle(Linking.errorCode) + ". " + advice;
    }
    readonly property bool granted: Linking.state === Linking.Granted
    // A cloud of the organisation's own leads the sign-in itself: there is a page to open, and nothing to type.
    readonly property bool typed: !waiting || Linking.userCode !== ""
    readonly property var groups: Linking.userCode.split("-")

    name: "Link"
    title: qsTr("Link your account")
    actionsShown: !granted
    // Signing in on a phone takes longer than reading a screen.
    patience: waiting ? 600 : 0
    onBackTapped: Router.back()

    Connections {
        function onGranted() {
            if (!page.visible) // the instructions are being sent
                Router.backTo("Link");
            if (Profile.unseen)
                Router.replace("Linked");
            else if (Profile.hasPin)
                Router.replace("Pin");
            else
                Profile.open("");
        }
        function onCancelled() {
            if (page.visible)
                Router.back();
        }
        function onNotCancelled(code: string) {
            kept.code = code;
            kept.open();
        }

        target: Linking
    }

    GridLayout {
        anchors.fill: parent
        anchors.margins: Theme.gapLarge
        columnSpacing: Theme.gapHuge
        columns: Theme.portrait ? 1 : 2
        rowSpacing: Theme.gapLarge
        visible: !page.failed && !page.granted

        Rectangle {
            readonly property real side: Theme.portrait ? Theme.px(320) : parent.height

            Layout.alignment: Qt.AlignHCenter | Qt.AlignTop
            Layout.preferredHeight: side
            Layout.preferredWidth: side
            border.color: Theme.line1
            border.width: Theme.line
            color: page.waiting ? "#ffffff" : Theme.skeleton
            radius: Theme.radius

            QrCode {
                //: For screen readers
                Accessible.name: qsTr("QR code of the address at the right")
                Accessible.role: Accessible.Graphic
                anchors.fill: parent
                anchors.margins: Theme.px(6)
                objectName: "qr-code"
                text: Linking.completeAddress
                visible: page.waiting
            }
            AppText {
                anchors.centerIn: parent
                color: Theme.textSoft
                horizontalAlignment: Text.AlignHCenter
                text: qsTr("Getting a code…")
                visible: !page.waiting
                width: parent.width - 2 * Theme.gapLarge
            }
        }
        ColumnLayout {
            Layout.fillHeight: true
            Layout.fillWidth: true
            spacing: page.groups.length > 3 ? Theme.px(6) : Theme.px(8)

            LinkStep {
                Layout.fillWidth: true
                number: 1
                text: page.typed ? qsTr("Scan the code with your phone. Or go to this address with any browser:") : qsTr("Scan the code with your phone. It opens a page of:")

                AppText {
                    font.pixelSize: Theme.px(20)
                    font.weight: Font.DemiBold
                    objectName: "link-address"
                    text: Linking.address
                    width: parent.width
                    wrapMode: Text.WrapAnywhere
                }
            }
            LinkStep {
                Layout.fillWidth: true
                number: 2
                text: qsTr("Check that this code is shown, or type it:")
                visible: page.typed

                Flow {
                    id: box

                    // One line where the letters stay large: wide ones need it smaller. Longer codes go on two.
                    readonly property real fit: width / (measure.advanceWidth + Theme.px(12))
                    readonly property real letterSize: page.groups.length > 3 ? Theme.px(26) : Math.floor(Theme.px(32) * (fit < 0.75 ? 1 : Math.min(1, fit)))

                    objectName: "link-code-box"
                    spacing: Theme.px(8)
                    width: parent.width

                    TextMetrics {
                        id: measure

                        font.family: Theme.family
                        font.letterSpacing: Theme.px(2)
                        font.pixelSize: Theme.px(32)
                        font.weight: Font.Bold
                        text: page.groups.join(" ")
                    }
                    Repeater {
                        model: page.groups

                        AppText {
                            required property string modelData

                            font.letterSpacing: Theme.px(2)
                            font.pixelSize: box.letterSize
                            font.weight: Font.Bold
                            text: modelData
                            wrapMode: Text.NoWrap
                        }
                    }
                    Text {
                        Accessible.ignored: true
                        objectName: "link-code"
                        text: Linking.userCode
                        visible: false
                    }
                }
            }
            LinkStep {
                Layout.fillWidth: true
                number: page.typed ? 3 : 2
                // What was refused says it, and needs the room.
                visible: page.refusal === ""
                //: %1 is a cloud's name such as Dropbox
                text: qsTr("Sign in to %1 and allow access.").arg(Providers.titleOf(Profile.provider))
            }
            Item {
                Layout.fillHeight: true
            }
            AppText {
                Layout.fillWidth: true
                color: page.refusal === "" ? Theme.textSoft : Theme.bad
                font.weight: page.refusal === "" ? Font.Normal : Font.DemiBold
                objectName: "link-expiry"
                text: {
                    if (!page.waiting)
                        return "";
                    if (page.refusal !== "")
                        return page.refusal;
                    //: %1 is date and time
                    return qsTr("Valid until %1. This screen goes on by itself.").arg(Panel.words.dateTime(Linking.expiresAt));
                }
            }
        }
    }
    NoticeDialog {
        readonly property bool failed: Linking.givingError !== ""

        glyph: failed ? Icons.failed : Icons.done
        text: failed ? [Panel.words.errorWhy(Linking.givingError), Panel.words.errorAdvice(Linking.givingError)].join(" ").trim()
                     : qsTr("The code on it works as long as the one on the screen.")
        title: failed ? Panel.words.errorTitle(Linking.givingError) : Linking.given === "mail" ? qsTr("The message is sent") : qsTr("The instructions are being printed")
        visible: page.visible && (failed || Linking.given !== "")
        onClosed: Linking.forgetGiven()
    }
    NoticeDialog {
        id: kept

        property string code: ""

        glyph: Icons.failed
        text: [Panel.words.errorWhy(code), Panel.words.errorAdvice(code)].join(" ").trim()
        title: Panel.words.errorTitle(code)
        onClosed: Router.back()
    }
    Message {
        anchors.fill: parent
        glyph: Icons.done
        glyphInk: Theme.good
        text: qsTr("Opening your files…")
        title: qsTr("Your account is linked")
        visible: page.granted
    }
    FailedMessage {
        advice: Linking.errorDomains.length > 0 ? Panel.words.domainAdvice(Linking.errorDomains) : Panel.words.errorAdvice(Linking.errorCode)
        anchors.fill: parent
        code: Linking.errorCode
        titleName: "link-state-title"
        visible: page.failed
        onActionTapped: Linking.renew()
    }

    actions: [
        AppButton {
            objectName: "cancel-button"
            text: qsTr("Cancel")
            working: Linking.cancelling
            onClicked: Linking.cancel()
        },
        Item {
            Layout.fillWidth: true
        },
        AppButton {
            enabled: Linking.giving === ""
            glyph: Icons.email
            objectName: "send-button"
            //: The short form is for narrow screens
            text: Theme.portrait ? qsTr("E-mail") : qsTr("Send by e-mail")
            visible: page.waiting && Panel.mail
            onClicked: Router.open("SendInstructions")
        },
        AppButton {
            enabled: Linking.giving === "" && Printer.state !== "unreachable"
            glyph: Icons.printer
            objectName: "print-instructions-button"
            text: qsTr("Print")
            visible: page.waiting && Printer.known
            working: Linking.giving === "print"
            onClicked: Linking.print()
        }
    ]
}
