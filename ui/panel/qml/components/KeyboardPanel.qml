// SPDX-License-Identifier: Apache-2.0
// The on-screen keyboard. Loaded at the first text field, so that nobody else pays for it.
import QtQuick
import QtQuick.VirtualKeyboard
import QtQuick.VirtualKeyboard.Settings
import Panel

Item {
    id: root

    height: panel.active ? panel.height : 0
    objectName: "keyboard"
    visible: height > 0

    InputPanel {
        id: panel

        width: root.width
    }

    Component.onCompleted: {
        VirtualKeyboardSettings.styleName = "connector";
        VirtualKeyboardSettings.activeLocales = ["en_GB", "fr_FR"];
        VirtualKeyboardSettings.locale = Panel.language === "fr" ? "fr_FR" : "en_GB";
        Qt.inputMethod.show();
    }
}
