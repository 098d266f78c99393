// SPDX-License-Identifier: Apache-2.0
// Language, contrast, what this device is, and how it is set up.
import QtQuick
import Panel

PanelPage {
    id: page

    name: "Settings"
    forEverybody: true
    title: qsTr("Settings")
    Component.onCompleted: Panel.readSetup()
    onBackTapped: Router.back()

    Form {
        anchors.fill: parent

        Setting {
            label: qsTr("Language")
            width: parent.width

            Choices {
                current: Panel.language
                focus: true
                keys: ["en", "fr"]
                label: qsTr("Language")
                namePrefix: "language-"
                width: parent.width
                // Each in its own words.
                words: ["English", "Français"]
                onChosen: key => Panel.language = key
            }
        }
        Setting {
            label: qsTr("Contrast")
            width: parent.width

            Choices {
                current: Panel.highContrast ? "high" : "normal"
                keys: ["normal", "high"]
                label: qsTr("Contrast")
                namePrefix: "contrast-"
                objectName: "contrast-switch"
                width: parent.width
                words: [qsTr("Normal"), qsTr("High")]
                onChosen: key => Panel.highContrast = key === "high"
            }
        }
        Setting {
            label: qsTr("Setting up")
            visible: Panel.setupCode !== ""
            width: parent.width

            Column {
                spacing: Theme.px(4)
                width: parent.width

                AppText {
                    //: %1 is a web address
                    text: qsTr("Nobody administers this device so far. Open %1 in a browser, and enter this code:").arg(Panel.setupAddress)
                    width: parent.width
                    wrapMode: Text.Wrap
                }
                AppText {
                    font.pixelSize: Theme.titleSize
                    font.weight: Font.DemiBold
                    objectName: "setup-code"
                    text: Panel.setupCode
                    width: parent.width
                }
            }
        }
        Setting {
            label: qsTr("About")
            width: parent.width

            Rectangle {
                border.color: Theme.line1
                border.width: Theme.line
                color: Theme.surface
                height: about.height + 2 * Theme.gapLarge
                objectName: "about-row"
                radius: Theme.radius
                width: parent.width

                Column {
                    id: about

                    anchors.left: parent.left
                    anchors.margins: Theme.gapLarge
                    anchors.right: parent.right
                    anchors.top: parent.top
                    spacing: Theme.px(4)

                    AppText {
                        font.pixelSize: Theme.rowSize
                        font.weight: Font.DemiBold
                        text: Panel.deviceName
                        width: parent.width
                    }
                    AppText {
                        color: Theme.textSoft
                        text: Panel.devicePlace
                        visible: text !== ""
                        width: parent.width
                    }
                    AppText {
                        color: Theme.textSoft
                        //: %1 is a version number
                        text: qsTr("Cloud Connector %1").arg(Panel.serviceVersion)
                        width: parent.width
                    }
                    AppText {
                        color: Theme.textSoft
                        //: %1 is a web address
                        text: qsTr("Sign-in page: %1").arg(Panel.portal)
                        visible: Panel.portal !== ""
                        width: parent.width
                        wrapMode: Text.WrapAnywhere
                    }
                    AppText {
                        color: Theme.textSoft
                        text: qsTr("Printer: %1").arg(Printer.name)
                        visible: Printer.name !== ""
                        width: parent.width
                    }
                    AppText {
                        color: Theme.textSoft
                        text: qsTr("Scanner: %1").arg(Scanner.name)
                        visible: Scanner.name !== ""
                        width: parent.width
                    }
                }
            }
        }
    }
}
