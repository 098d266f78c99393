// SPDX-License-Identifier: Apache-2.0
// Which pages to print.
import QtQuick
import Panel

NameForm {
    error: Printer.validRanges(text) ? "" : qsTr("Write it like this: 1-3, 5")
    hints: Qt.ImhPreferNumbers | Qt.ImhNoPredictiveText
    label: qsTr("For example 1-3, 5. Leave it empty for all pages.")
    mayBeEmpty: true
    name: "PageRange"
    text: Printer.pageRanges
    title: qsTr("Pages")
    onSaved: text => {
        Printer.pageRanges = text;
        Router.back();
    }
}
