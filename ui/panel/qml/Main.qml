// SPDX-License-Identifier: Apache-2.0
// The window: the stack of pages, what lies over them (service lost, countdown) and the keyboard below.
import QtQuick
import QtQuick.Templates as T
import Panel

Window {
    id: window

    property bool keyboardWanted: false
    property bool calm: false
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
        value: stack.depth < 2
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

        target: Router
    }
    Connections {
        function onExpired() {
            Panel.endSession();
            Router.home();
        }

        target: Idle
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

            interval: 300
        }
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
