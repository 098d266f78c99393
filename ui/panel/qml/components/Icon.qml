// SPDX-License-Identifier: Apache-2.0
// One glyph of the icon font.
import QtQuick
import Panel

Text {
    property int size: Theme.iconSize

    Accessible.ignored: true
    color: Theme.text
    font.family: Icons.family
    font.pixelSize: size
    horizontalAlignment: Text.AlignHCenter
    lineHeight: size
    lineHeightMode: Text.FixedHeight
    textFormat: Text.PlainText
    verticalAlignment: Text.AlignVCenter
}
