// SPDX-License-Identifier: Apache-2.0
// The window: the stack of pages, what lies over them (service lost, countdown) and the keyboard below.
import QtQuick
import QtQuick.Templates as T
import Panel

Window {
    id: window

    property bool keyboardWanted: false
    property bool calm: false
    // How long a page that has just come takes no taps: the second one of a double tap was not meant for it.
    property int guardTime: 300
    // Read by the card reader: a text field of the sign-in is no reason to leave a card alone.
    readonly property bool signingIn: stack.currentPage.startsWith("SignIn")
    readonly property bool typing: activeFocusItem !== null && activeFocusItem instanceof TextInput

    color: Theme.background
    title: "Cloud Connector"

    onTypingChanged: {
        if (typing && keyboardWanted)
            keyboard.active = true;
    }

    Binding {
        property: "windowWidth"
        target: Theme
        value: window.width
    }
    Binding {
        property: "windowHeight"
        target: Theme
        value: window.height
    }
    Binding {
        property: "highContrast"
        target: Theme
        value: Panel.highContrast
    }
    Binding {
        property: "calm"
        target: Theme
        value: window.calm
    }
    Binding {
        property: "resting"
        target: Idle
        value: stack.depth < 2 && Session.guest
    }
    Binding {
        property: "patience"
        target: Idle
        value: stack.currentItem ? (stack.currentItem as PanelPage).patience : 0
    }
    Connections {
        function onOpenRequested(name: string) {
            stack.push(stack.page(name));
        }
        function onReplaceRequested(name: string) {
            stack.replace(stack.currentItem, stack.page(name));
        }
        function onBackRequested() {
            stack.pop();
        }
        function onBackToRequested(name: string) {
            stack.pop(stack.find(item => item.name === name));
        }
        function onHomeRequested() {
            stack.pop(null);
        }
        function onUserTapped() {
            if (Session.guest)
                stack.push(stack.page("SignIn"));
            else
                signOut.open();
        }

        target: Router
    }
    Connections {
        function onExpired() {
            Session.end();
        }
        function onRested() {
            Session.end();
        }

        target: Idle
    }
    Connections {
        function onForgotten() {
            PinChoice.pin = "";
            SignInChoice.forget();
            Qt.inputMethod.reset();
        }
        function onEnded() {
            signOut.close();
            stack.pop(null);
        }
        function onSignedIn() {
            stack.pop(stack.find(item => (item as PanelPage).forEverybody));
        }
        function onBusyChanged() {
            refused.code = Session.errorCode;
        }

        target: Session
    }

    Item {
        anchors.bottom: keyboard.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top

        T.StackView {
            id: stack

            readonly property bool settled: !guard.running && !busy
            readonly property string currentPage: currentItem ? (currentItem as PanelPage).name : ""

            function page(name: string): string {
                return "qrc:/Panel/qml/pages/" + name + "Page.qml";
            }

            anchors.fill: parent
            focus: true
            initialItem: "qrc:/Panel/qml/pages/HomePage.qml"
            objectName: "page-stack"

            popEnter: null
            popExit: null
            pushEnter: Transition {
                NumberAnimation {
                    duration: Theme.motion
                    easing.type: Easing.OutCubic
                    from: Theme.motion > 0 ? Theme.px(32) : 0
                    property: "x"
                    to: 0
                }
            }
            pushExit: null
            replaceEnter: null
            replaceExit: null

            onCurrentItemChanged: {
                guard.restart();
                currentItem?.forceActiveFocus();
            }
        }
        MouseArea {
            id: guardArea

            anchors.fill: parent
            enabled: guard.running
            visible: enabled
        }
        Timer {
            id: guard

            interval: window.guardTime
        }
    }
    ConfirmDialog {
        id: signOut

        confirm: qsTr("Sign out")
        danger: false
        text: qsTr("Your profiles and files leave the screen. Running jobs go on.")
        //: %1 is the name of the person who uses the panel
        title: qsTr("Signed in as %1").arg(Session.name)
        onConfirmed: Session.end()
    }
    // A card that was held while another page showed.
    NoticeDialog {
        id: refused

        property string code: ""

        glyph: Icons.failed
        text: code === "sign-in-failed" ? Panel.words.unknownCard()
                                        : Session.waitSeconds > 0 ? qsTr("Try again in %1.").arg(Panel.words.countdown(Session.waitSeconds))
                                                                  : [Panel.words.errorWhy(code), Panel.words.errorAdvice(code)].join(" ").trim()
        title: code === "sign-in-failed" ? qsTr("Not signed in") : Panel.words.errorTitle(code)
        visible: code !== "" && !window.signingIn
        onClosed: Session.forgetError()
    }
    Loader {
        id: keyboard

        readonly property bool up: item !== null && (item as Item).height > 0 // qmllint disable

        active: false
        anchors.left: parent.left
        anchors.right: parent.right
        height: item !== null ? item.height : 0
        source: "components/KeyboardPanel.qml"
        y: window.height - height
        z: 2
    }
    Loader {
        active: Idle.secondsLeft > 0
        anchors.fill: parent
        sourceComponent: IdleCountdown {}
        z: 3
    }
    Loader {
        active: !lost.ready && lost.late
        anchors.fill: parent
        sourceComponent: ServiceLost {}
        z: 4
    }
    Timer {
        id: lost

        readonly property bool ready: Panel.connection === Panel.Ready
        property bool late: false

        interval: 700
        running: !ready && !late
        onReadyChanged: late = false
        onTriggered: late = true
    }
}
