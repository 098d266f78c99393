// SPDX-License-Identifier: Apache-2.0
// The name of a shortcut that is being made or edited.
import QtQuick
import Panel

NameForm {
    label: qsTr("Name of the shortcut")
    name: "ShortcutName"
    saveText: qsTr("Done")
    text: TheShortcut.draftName
    title: qsTr("Shortcut's name")
    onSaved: text => {
        TheShortcut.draftName = text;
        Router.back();
    }
}
