// SPDX-License-Identifier: Apache-2.0
// Asks for a profile's PIN; says how many tries are left, and while it is locked for how long.
import QtQuick
import Panel

PanelPage {
    id: page

    property string digits: ""
    readonly property bool locked: Profile.lockSeconds > 0
    readonly property bool dead: Profile.pinDead || Profile.errorCode === "pin-dead"

    name: "Pin"
    title: Profile.name
    onBackTapped: {
        Profile.close();
        if (!locked)
            Profile.forgetError();
        Router.back();
    }

    Component.onCompleted: locked ? undefined : Profile.forgetError()
    Component.onDestruction: Profile.lockSeconds > 0 ? undefined : Profile.forgetError()

    Connections {
        function onBusyChanged() {
            if (!Profile.busy && Profile.errorCode !== "")
                page.digits = "";
        }

        target: Profile
    }
    Connections {
        // Chosen for the sign-in that brings the dead one's successor.
        function onPinChanged() {
            if (!page.dead || PinChoice.pin === "")
                return;
            Linking.follow(Profile.profileId, true, PinChoice.pin);
            PinChoice.pin = "";
            Router.replace("Link");
        }

        target: PinChoice
    }
    FailedMessage {
        action: Profile.neverLinked ? qsTr("Delete") : qsTr("Choose a new PIN")
        advice: Profile.neverLinked ? qsTr("The profile was never linked to an account. Delete it and create a new one.")
                                    : qsTr("Choose a new PIN, then sign in to the cloud again. The profile and its shortcuts are kept.")
        anchors.fill: parent
        code: "pin-dead"
        visible: page.dead
        onActionTapped: {
            if (Profile.neverLinked)
                return Profile.start(Profile.profileId, "delete");
            PinChoice.pin = "";
            Router.open("ChoosePin");
        }
    }
    PinEntry {
        anchors.fill: parent
        action: qsTr("Open")
        actionEnabled: page.digits.length >= 4
        actionName: "open-button"
        count: page.digits.length
        focus: true
        heading: page.locked ? qsTr("Locked") : qsTr("Enter the PIN")
        locked: page.locked
        message: {
            if (page.locked)
                return qsTr("Too many wrong PINs. Try again in %1.").arg(Panel.words.countdown(Profile.lockSeconds));
            if (Profile.errorCode === "pin-wrong" && page.digits === "")
                return Profile.triesLeft > 0 ? qsTr("Wrong PIN. %n try(s) left.", "", Profile.triesLeft) : qsTr("Wrong PIN.");
            if (Profile.errorCode !== "" && page.digits === "")
                return Panel.words.errorTitle(Profile.errorCode) + ". " + Panel.words.errorAdvice(Profile.errorCode);
            return qsTr("It opens this profile for you alone.");
        }
        messageName: "pin-message"
        working: Profile.busy
        wrong: Profile.errorCode !== "" && page.digits === "" && !page.locked
        onConfirm: page.digits.length >= 4 ? Profile.open(page.digits) : undefined
        onDigit: digit => page.digits.length < 8 ? page.digits += digit : undefined
        onErase: page.digits = page.digits.slice(0, -1)
        visible: !page.dead
    }
}
