// SPDX-License-Identifier: Apache-2.0
// Text of the panel. Names that people gave may be cut at the end (mayElide); the panel's own words never are.
import QtQuick
import Panel

Text {
    property bool mayElide: false

    color: Theme.text
    elide: mayElide ? Text.ElideRight : Text.ElideNone
    font.family: Theme.family
    font.pixelSize: Theme.bodySize
    linkColor: Theme.accent
    textFormat: Text.PlainText
    wrapMode: mayElide ? Text.NoWrap : Text.Wrap
}
