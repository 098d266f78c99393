// SPDX-License-Identifier: Apache-2.0
// A name for a new folder.
import QtQuick
import Panel

NameForm {
    error: Files.folderError === "" ? "" : Panel.words.errorTitle(Files.folderError) + ". " + Panel.words.errorAdvice(Files.folderError)
    label: qsTr("Name of the folder")
    limit: 120
    name: "NewFolder"
    saveText: qsTr("Create")
    title: qsTr("New folder")
    working: Files.busy
    onEdited: Files.folderError !== "" ? Files.forgetFolderError() : undefined
    onSaved: text => Files.createFolder(text)

    Component.onCompleted: Files.forgetFolderError()

    Connections {
        function onFolderCreated() {
            Router.back();
        }

        target: Files
    }
}
