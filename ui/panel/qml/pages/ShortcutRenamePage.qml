// SPDX-License-Identifier: Apache-2.0
// A new name for a shortcut.
import QtQuick
import Panel

NameForm {
    error: TheShortcut.errorCode === "" ? "" : Panel.words.errorTitle(TheShortcut.errorCode) + ". " + Panel.words.errorAdvice(TheShortcut.errorCode)
    label: qsTr("Name of the shortcut")
    name: "ShortcutRename"
    text: TheShortcut.name
    title: qsTr("Rename")
    working: TheShortcut.busy
    onEdited: TheShortcut.errorCode !== "" ? TheShortcut.forgetError() : undefined
    onSaved: text => TheShortcut.rename(text)

    Component.onCompleted: TheShortcut.forgetError()

    Connections {
        function onRenamed() {
            Router.back();
        }

        target: TheShortcut
    }
}
