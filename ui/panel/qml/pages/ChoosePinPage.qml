// SPDX-License-Identifier: Apache-2.0
// Choosing a PIN: 4 to 8 digits, twice.
import QtQuick
import Panel

PanelPage {
    id: page

    property string first: ""
    property string digits: ""
    property bool repeating: false
    property bool differs: false
    readonly property bool complete: repeating ? digits.length === first.length : digits.length >= 4

    function next() {
        if (!complete)
            return;
        if (!repeating) {
            first = digits;
            digits = "";
            repeating = true;
            differs = false;
        } else if (digits === first) {
            Router.back();
            PinChoice.pin = digits;
        } else {
            digits = "";
            first = "";
            repeating = false;
            differs = true;
        }
    }

    name: "ChoosePin"
    title: qsTr("Choose a PIN")
    onBackTapped: Router.back()

    PinEntry {
        anchors.fill: parent
        action: repeating ? qsTr("Set PIN") : qsTr("Next")
        actionEnabled: page.complete
        actionName: "pin-next-button"
        count: page.digits.length
        focus: true
        //: Under the title "Choose a PIN"
        heading: page.repeating ? qsTr("Enter it once more") : qsTr("4 to 8 digits")
        message: page.differs ? qsTr("The two were different. Choose again.") : qsTr("You need it each time you open the profile.")
        messageName: "pin-error"
        repeating: page.repeating
        wrong: page.differs
        onConfirm: page.next()
        onDigit: digit => {
            page.differs = false;
            if (page.digits.length < 8)
                page.digits += digit;
        }
        onErase: page.digits = page.digits.slice(0, -1)
    }
}
