// SPDX-License-Identifier: Apache-2.0
// What happened, why, what to do, the button that does it, and the code for support.
import QtQuick
import Panel

Message {
    id: root

    property string code: ""
    property string advice: Panel.words.errorAdvice(code)

    action: Panel.words.errorAction(code)
    actionName: "failed-action"
    glyph: Icons.failed
    glyphInk: Theme.bad
    //: %1 is an error code such as "offline"; people tell it to their administrator
    note: qsTr("Code: %1").arg(code)
    noteName: "failed-code"
    text: [Panel.words.errorWhy(code), advice].filter(one => one !== "").join(" ")
    title: Panel.words.errorTitle(code)
    titleName: "failed-title"
}
