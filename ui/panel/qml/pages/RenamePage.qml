// SPDX-License-Identifier: Apache-2.0
// A new name for a profile.
import QtQuick
import Panel

NameForm {
    error: Profile.errorCode === "" ? "" : Panel.words.errorTitle(Profile.errorCode) + ". " + Panel.words.errorAdvice(Profile.errorCode)
    label: qsTr("Name of the profile")
    name: "Rename"
    text: Profile.name
    title: qsTr("Rename")
    working: Profile.busy
    onEdited: Profile.errorCode !== "" ? Profile.forgetError() : undefined
    onSaved: text => Profile.rename(text)

    Component.onCompleted: Profile.forgetError()

    Connections {
        function onRenamed() {
            Router.back();
        }

        target: Profile
    }
}
