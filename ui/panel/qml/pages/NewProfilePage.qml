// SPDX-License-Identifier: Apache-2.0
// A name and, if wanted, a PIN for a new profile.
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    // Guests should have a PIN, and the keyboard hides where it is chosen: they come past it before anything is made.
    readonly property bool pinWanted: Session.guest && PinChoice.pin === ""
    readonly property bool pinUnseen: pinWanted && contentHeight < Theme.px(200)

    function passPin() {
        pinRow.forceActiveFocus();
        pause.restart();
    }

    name: "NewProfile"
    title: qsTr("New profile")
    actionsShown: true
    onBackTapped: Router.back()

    Component.onCompleted: {
        Profiles.forgetError();
        PinChoice.pin = "";
    }

    Connections {
        function onCreated(profileId: string) {
            Profile.choose(profileId);
            Linking.follow(profileId, false);
            Router.replace("Link");
        }

        target: Profiles
    }

    // The second tap of a double tap on Next is none on Create.
    Timer {
        id: pause

        interval: 400
    }
    Flickable {
        anchors.fill: parent
        boundsBehavior: Flickable.StopAtBounds
        contentHeight: column.height
        interactive: contentHeight > height

        Column {
            id: column

            anchors.horizontalCenter: parent.horizontalCenter
            bottomPadding: Theme.gapLarge
            spacing: Theme.gapLarge
            topPadding: Theme.px(10)
            width: Math.min(parent.width - 2 * Theme.gapLarge, Theme.px(640))

            Field {
                id: field

                error: Profiles.createError === "" ? "" : Panel.words.errorTitle(Profiles.createError) + ". " + Panel.words.errorAdvice(Profiles.createError)
                label: qsTr("Name of the profile")
                width: parent.width
                onAccepted: page.pinWanted ? page.passPin() : create.enabled ? create.clicked() : undefined
                onTextChanged: Profiles.createError !== "" ? Profiles.forgetError() : undefined
            }
            Column {
                spacing: Theme.px(6)
                width: parent.width

                AppText {
                    color: Theme.textSoft
                    text: Session.guest ? qsTr("PIN") : qsTr("PIN (optional)")
                    width: parent.width
                }
                ValueButton {
                    id: pinRow

                    glyph: Icons.next
                    label: qsTr("PIN")
                    objectName: "pin-row"
                    value: PinChoice.pin === "" ? (Session.guest ? qsTr("No PIN: tap to set one") : qsTr("None: nobody else sees this profile")) : "•".repeat(PinChoice.pin.length)
                    width: parent.width
                    onClicked: Router.open("ChoosePin")
                }
            }
            Notice {
                glyph: Icons.lock
                text: qsTr("Guests share this panel. With a PIN, nobody else can open your profile.")
                title: qsTr("We recommend a PIN")
                visible: Session.guest
                width: parent.width
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
            id: create

            enabled: field.text.trim() !== "" && !Profiles.busy && !pause.running
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: "create-button"
            text: page.pinUnseen ? qsTr("Next") : qsTr("Create")
            working: Profiles.busy
            onClicked: page.pinUnseen ? page.passPin() : Profiles.create(field.text, PinChoice.pin)
        }
    ]
}
