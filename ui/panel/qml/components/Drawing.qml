// SPDX-License-Identifier: Apache-2.0
// A line drawing of our own on a grid of 48 by 48, in one colour.
import QtQuick
import Panel

Canvas {
    id: root

    // SVG path data, one for each line.
    property list<string> lines
    property color color: Theme.text
    property int size: Theme.iconSizeLarge

    Accessible.ignored: true
    height: size
    width: size

    onColorChanged: requestPaint()
    onLinesChanged: requestPaint()
    onPaint: {
        const pen = getContext("2d");
        pen.reset();
        pen.scale(width / 48, height / 48);
        pen.strokeStyle = root.color;
        pen.lineWidth = 3.2;
        pen.lineCap = "round";
        pen.lineJoin = "round";
        for (let i = 0; i < root.lines.length; ++i) {
            pen.beginPath();
            pen.path = root.lines[i];
            pen.stroke();
        }
    }
}
