// SPDX-License-Identifier: Apache-2.0
// Who is it? From a list, by name and password, by PIN, or by card: whatever is switched on here.
// Bound components cannot be made by a Loader in Qt 6.4, so their ids look unqualified.
// qmllint disable unqualified
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    property string method: Session.methods[0] ?? ""
    property bool searching: false
    property string pin: ""
    readonly property bool waiting: Session.waitSeconds > 0
    // What went wrong, in a sentence or two.
    readonly property string problem: {
        if (waiting)
            return qsTr("Too many wrong tries. Try again in %1.").arg(Panel.words.countdown(Session.waitSeconds));
        if (Session.errorCode === "")
            return "";
        if (Session.errorCode === "sign-in-failed" && method === "card")
            return Panel.words.unknownCard();
        return Panel.words.errorTitle(Session.errorCode) + ". " + Panel.words.errorAdvice(Session.errorCode);
    }

    function choose(to: string) {
        method = to;
        pin = "";
        stopSearching();
        Session.waitSeconds > 0 ? undefined : Session.forgetError();
    }
    function stopSearching() {
        searching = false;
        People.find("");
    }
    function send() {
        if (button.enabled)
            Session.signInByName(who.text, password.text);
    }

    name: "SignIn"
    title: qsTr("Sign in")
    actionsShown: method === "password"
    heading: searching ? searchHeading : null
    onBackTapped: searching ? stopSearching() : Router.back()

    Component.onCompleted: {
        Session.waitSeconds > 0 ? undefined : Session.forgetError();
        if (Session.methods.includes("list"))
            People.load();
    }
    Component.onDestruction: {
        Session.abandon();
        People.find("");
    }

    tools: [
        IconButton {
            glyph: Icons.search
            objectName: "search-button"
            text: qsTr("Search")
            visible: page.method === "list" && People.total > 6 && !page.searching
            onClicked: page.searching = true
        }
    ]

    Component {
        id: searchHeading

        SearchField {
            delay: 0
            onSearched: text => People.find(text)
        }
    }
    Connections {
        function onBusyChanged() {
            if (Session.busy || Session.errorCode === "")
                return;
            page.pin = "";
            password.text = "";
        }

        target: Session
    }

    Choices {
        id: tabs

        current: page.method
        keys: Session.methods
        label: qsTr("Way to sign in")
        namePrefix: "method-"
        // The keyboard needs the room.
        visible: Session.methods.length > 1 && page.contentHeight > Theme.px(240) && !page.searching
        width: parent.width - 2 * x
        words: Session.methods.map(one => Panel.words.signInMethod(one))
        x: Theme.gapLarge
        y: Theme.gap
        onChosen: key => page.choose(key)
    }
    Item {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: tabs.visible ? tabs.bottom : parent.top
        anchors.topMargin: tabs.visible ? Theme.gap : 0

        FaceView {
            anchors.fill: parent
            emptyGlyph: Icons.user
            emptyText: People.total > 0 ? qsTr("Try another part of the name.") : qsTr("Ask your administrator.")
            emptyTitle: People.total > 0 ? qsTr("Nobody found") : qsTr("Nobody is on the list yet")
            errorCode: People.errorCode
            face: People.face
            visible: page.method === "list"
            onFailedActionTapped: People.load()

            AppList {
                id: list

                anchors.fill: parent
                focus: page.method === "list"
                model: People
                objectName: "people-list"

                delegate: ListRow {
                    required property int index
                    required property string personId
                    required property string name
                    required property string secret

                    detail: Session.busy && SignInChoice.person === personId ? qsTr("Signing in…") : ""
                    enabled: !Session.busy
                    glyphFill: Theme.highContrast ? "#000000" : Theme.accentSoft
                    glyphInk: Theme.accentSoftInk
                    initial: name.substring(0, 1).toUpperCase()
                    objectName: "person-row-" + index
                    title: name
                    width: list.width
                    onClicked: {
                        SignInChoice.person = personId;
                        SignInChoice.name = name;
                        SignInChoice.byPin = secret === "pin";
                        if (secret === "none")
                            Session.signInAs(personId, "");
                        else
                            Router.open("SignInSecret");
                    }

                    Icon {
                        Layout.rightMargin: Theme.gap
                        color: Theme.textSoft
                        text: Icons.next
                    }
                }
            }
        }
        Item {
            anchors.fill: parent
            visible: page.method === "password"

            GridLayout {
                anchors.horizontalCenter: parent.horizontalCenter
                columnSpacing: Theme.gapLarge
                columns: Theme.portrait ? 1 : 2
                rowSpacing: Theme.gap
                width: Math.min(parent.width - 2 * Theme.gapLarge, Theme.px(720))
                y: Theme.gap

                Field {
                    id: who

                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    hints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                    input.focus: page.method === "password"
                    label: qsTr("User name")
                    limit: 256
                    onAccepted: password.input.forceActiveFocus()
                }
                Field {
                    id: password

                    Layout.fillWidth: true
                    Layout.preferredWidth: 1
                    input.objectName: "password-field"
                    label: qsTr("Password")
                    limit: 256
                    secret: true
                    onAccepted: page.send()
                }
                AppText {
                    Accessible.role: Accessible.AlertMessage
                    Layout.columnSpan: Theme.portrait ? 1 : 2
                    Layout.fillWidth: true
                    color: Theme.bad
                    font.weight: Font.DemiBold
                    objectName: "sign-in-error"
                    text: page.problem
                    visible: text !== "" && page.method === "password"
                }
            }
        }
        PinEntry {
            action: qsTr("Sign in")
            actionEnabled: page.pin.length >= 4
            actionName: "sign-in-button"
            anchors.fill: parent
            count: page.pin.length
            focus: page.method === "pin"
            heading: qsTr("Enter your PIN")
            locked: page.waiting
            message: page.problem !== "" && page.pin === "" ? page.problem : qsTr("Your own, which nobody else has.")
            messageName: "sign-in-error"
            visible: page.method === "pin"
            working: Session.busy
            wrong: page.problem !== "" && page.pin === ""
            onConfirm: Session.signInByPin(page.pin)
            onDigit: digit => page.pin.length < 12 ? page.pin += digit : undefined
            onErase: page.pin = page.pin.slice(0, -1)
        }
        Message {
            anchors.fill: parent
            glyph: page.problem !== "" ? Icons.failed : Session.busy ? Icons.waiting : Icons.card
            glyphInk: page.problem !== "" ? Theme.bad : Theme.accentSoftInk
            text: page.problem !== "" ? page.problem : Session.busy ? "" : qsTr("You are signed in as soon as it is read.")
            textName: "sign-in-error"
            title: page.problem !== "" ? qsTr("Not signed in") : Session.busy ? qsTr("Signing in…") : qsTr("Hold your card to the reader")
            visible: page.method === "card"
        }
    }
    NoticeDialog {
        glyph: Icons.failed
        text: page.problem
        title: qsTr("Not signed in")
        visible: page.visible && page.method === "list" && Session.errorCode !== ""
        onClosed: Session.forgetError()
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

            enabled: who.text.trim() !== "" && password.text !== "" && !Session.busy && !page.waiting
            leastWidth: Theme.portrait ? 0 : Theme.px(200)
            main: true
            objectName: page.method === "password" ? "sign-in-button" : ""
            text: qsTr("Sign in")
            working: Session.busy
            onClicked: page.send()
        }
    ]
}
