// SPDX-License-Identifier: Apache-2.0
// The PIN or password of the person who was chosen from the list.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    property string pin: ""
    readonly property bool waiting: Session.waitSeconds > 0
    readonly property string problem: {
        if (waiting)
            return qsTr("Too many wrong tries. Try again in %1.").arg(Panel.words.countdown(Session.waitSeconds));
        if (Session.errorCode === "sign-in-failed")
            return SignInChoice.byPin ? qsTr("Wrong PIN.") : qsTr("Wrong password.");
        if (Session.errorCode === "")
            return "";
        return Panel.words.errorTitle(Session.errorCode) + ". " + Panel.words.errorAdvice(Session.errorCode);
    }

    name: "SignInSecret"
    title: SignInChoice.name
    actionsShown: !SignInChoice.byPin
    onBackTapped: Router.back()

    Component.onCompleted: {
        waiting ? undefined : Session.forgetError();
        if (!SignInChoice.byPin)
            field.input.forceActiveFocus();
    }
    Component.onDestruction: Session.abandon()

    Connections {
        function onBusyChanged() {
            if (Session.busy || Session.errorCode === "")
                return;
            page.pin = "";
            field.text = "";
        }

        target: Session
    }
    PinEntry {
        action: qsTr("Sign in")
        actionEnabled: page.pin.length >= 4
        actionName: "sign-in-button"
        anchors.fill: parent
        count: page.pin.length
        focus: SignInChoice.byPin
        heading: qsTr("Enter your PIN")
        locked: page.waiting
        message: page.pin === "" ? page.problem : ""
        messageName: "sign-in-error"
        visible: SignInChoice.byPin
        working: Session.busy
        wrong: page.problem !== "" && page.pin === ""
        onConfirm: Session.signInAs(SignInChoice.person, page.pin)
        onDigit: digit => page.pin.length < 12 ? page.pin += digit : undefined
        onErase: page.pin = page.pin.slice(0, -1)
    }
    Field {
        id: field

        anchors.horizontalCenter: parent.horizontalCenter
        error: text === "" ? page.problem : ""
        input.objectName: "password-field"
        label: qsTr("Password")
        limit: 256
        secret: true
        visible: !SignInChoice.byPin
        width: Math.min(parent.width - 2 * Theme.gapLarge, Theme.px(640))
        y: Theme.px(12)
        onAccepted: button.enabled ? button.clicked() : undefined
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
            id: button

            enabled: field.text !== "" && !Session.busy && !page.waiting
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: SignInChoice.byPin ? "" : "sign-in-button"
            text: qsTr("Sign in")
            working: Session.busy
            onClicked: Session.signInAs(SignInChoice.person, field.text)
        }
    ]
}
