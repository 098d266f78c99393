// SPDX-License-Identifier: Apache-2.0
// A name for the scanned document.
import QtQuick
import Panel

NameForm {
    hint: qsTr("“.pdf” is added by itself.")
    label: qsTr("Name of the document")
    limit: 120
    name: "DocumentName"
    text: Scanner.documentName !== "" ? Scanner.documentName : TheShortcut.draftName
    title: qsTr("Document name")
    onSaved: text => {
        Scanner.documentName = text;
        Router.back();
    }
}
