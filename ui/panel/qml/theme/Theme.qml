// SPDX-License-Identifier: Apache-2.0
// Every colour and every size of the panel. Sizes are for 800x480 (or 480x800) and grow with the window.
pragma Singleton
import QtQuick

QtObject {
    id: theme

    property real windowWidth: 800
    property real windowHeight: 480
    property bool highContrast: false
    property bool calm: false

    readonly property bool portrait: windowHeight > windowWidth
    readonly property real scale: portrait ? Math.min(windowWidth / 480, windowHeight / 800)
                                           : Math.min(windowWidth / 800, windowHeight / 480)

    function px(size: real): int {
        return Math.round(size * scale);
    }

    // Sizes
    readonly property int gap: px(8)
    readonly property int gapLarge: px(16)
    readonly property int gapHuge: px(24)
    readonly property int target: Math.max(56, px(56))
    readonly property int rowHeight: px(72)
    readonly property int barHeight: Math.max(56, px(56))
    readonly property int actionBarHeight: px(72)
    readonly property int radius: px(12)
    readonly property int radiusSmall: px(8)
    readonly property int line: Math.max(1, px(1))
    readonly property int focusLine: px(3)

    readonly property string family: "Inter"
    readonly property int bodySize: px(18)
    readonly property int rowSize: px(22)
    readonly property int titleSize: px(28)
    readonly property int heroSize: px(72)
    readonly property int iconSize: px(28)
    readonly property int iconSizeLarge: px(44)
    readonly property int iconSizeHuge: px(72)

    readonly property int motion: calm ? 0 : 120

    // Colours
    readonly property color background: highContrast ? "#000000" : "#f4f6f9"
    readonly property color surface: highContrast ? "#000000" : "#ffffff"
    readonly property color surfacePressed: highContrast ? "#3a3a3a" : "#e6ebf3"
    readonly property color line1: highContrast ? "#ffffff" : "#d9dfe8"
    readonly property color fieldLine: highContrast ? "#ffffff" : "#76808f"
    readonly property color text: highContrast ? "#ffffff" : "#141a24"
    readonly property color textSoft: highContrast ? "#ffffff" : "#4d5767"
    readonly property color textOff: highContrast ? "#c8c8c8" : "#667085"
    readonly property color accent: highContrast ? "#ffd800" : "#2450c4"
    readonly property color accentPressed: highContrast ? "#fff2a0" : "#1a3c98"
    readonly property color accentInk: highContrast ? "#000000" : "#ffffff"
    readonly property color accentSoft: highContrast ? "#000000" : "#e7edfb"
    readonly property color accentSoftInk: highContrast ? "#ffd800" : "#1d429f"
    readonly property color good: highContrast ? "#7dff9b" : "#157347"
    readonly property color goodSoft: highContrast ? "#000000" : "#e2f4ea"
    readonly property color warn: highContrast ? "#ffb84d" : "#8a4b00"
    readonly property color warnSoft: highContrast ? "#000000" : "#fff3df"
    readonly property color bad: highContrast ? "#ff8a80" : "#b3261e"
    readonly property color badSoft: highContrast ? "#000000" : "#fdecea"
    readonly property color skeleton: highContrast ? "#4a4a4a" : "#e4e9f0"
    readonly property color track: highContrast ? "#4a4a4a" : "#dde3ec"
    readonly property color shade: "#99101828"
    readonly property color focus: highContrast ? "#00e5ff" : "#e8590c"

    function provider(id: string): color {
        switch (id) {
        case "box":
            return "#0b5fcc";
        case "dropbox":
            return "#0056e0";
        case "google-drive":
            return "#137a43";
        case "onedrive":
            return "#0a66a8";
        case "webdav":
            return "#6b3fa0";
        default:
            return "#4a5568";
        }
    }

    function fileType(type: string): color {
        if (highContrast)
            return text;
        switch (type) {
        case "folder":
            return "#b06a00";
        case "pdf":
            return "#c5221f";
        case "image":
            return "#7b3fb8";
        case "document":
        case "text":
            return "#1f5fbf";
        case "spreadsheet":
            return "#14743f";
        case "presentation":
            return "#bf4a12";
        default:
            return textSoft;
        }
    }
}
