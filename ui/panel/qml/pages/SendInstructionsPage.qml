// SPDX-License-Identifier: Apache-2.0
// Where the instructions for linking go by e-mail.
import QtQuick
import Panel

NameForm {
    error: Linking.givingError === "" ? "" : Panel.words.errorTitle(Linking.givingError) + ". " + Panel.words.errorAdvice(Linking.givingError)
    hint: qsTr("The message has the code, the address and the steps. The code opens nothing but the page to sign in.")
    hints: Qt.ImhEmailCharactersOnly | Qt.ImhNoAutoUppercase | Qt.ImhNoPredictiveText
    label: qsTr("E-mail address")
    limit: 254
    name: "SendInstructions"
    patience: 600
    saveText: qsTr("Send")
    title: qsTr("Send by e-mail")
    valid: /^[^@\s]+@[^@\s]+$/.test(text.trim())
    working: Linking.giving !== ""
    onEdited: Linking.givingError !== "" ? Linking.forgetGiven() : undefined
    onSaved: text => Linking.sendTo(text)

    Component.onCompleted: Linking.forgetGiven()

    Connections {
        function onGivenChanged() {
            if (Linking.given === "mail")
                Router.back();
        }

        target: Linking
    }
}
