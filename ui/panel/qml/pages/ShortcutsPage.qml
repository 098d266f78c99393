// SPDX-License-Identifier: Apache-2.0
// All shortcuts: open, search, and a menu beside each: rename, edit, pin, delete.
// Bound components cannot be made by a Loader in Qt 6.4, so their ids look unqualified.
// qmllint disable unqualified
import QtQuick
import Panel

PanelPage {
    id: page

    // A page of the shortcut's own was opened from here: its profile is locked again on the way back.
    property bool away: false

    function go(name: string) {
        away = true;
        Router.open(name);
    }

    name: "Shortcuts"
    title: qsTr("Shortcuts")
    heading: Shortcuts.searching ? searchHeading : null
    onBackTapped: {
        if (Shortcuts.searching)
            return Shortcuts.stopSearch();
        Profile.close();
        Router.back();
    }
    onVisibleChanged: {
        if (!visible)
            return;
        door.giveUp();
        if (away)
            Profile.close();
        away = false;
    }

    Component.onCompleted: Shortcuts.load()
    Component.onDestruction: Shortcuts.stopSearch()

    tools: [
        IconButton {
            glyph: Icons.search
            objectName: "search-button"
            text: qsTr("Search")
            visible: Shortcuts.some && !Shortcuts.searching
            onClicked: Shortcuts.startSearch()
        }
    ]

    Component {
        id: searchHeading

        SearchField {
            delay: 0
            onSearched: text => Shortcuts.query = text
        }
    }
    ShortcutDoor {
        id: door

        host: "Shortcuts"
        onPassed: wish => {
            switch (wish) {
            case "open":
                return page.go("Shortcut");
            case "edit":
                TheShortcut.beginEdit();
                return page.go("ShortcutEdit");
            case "rename":
                return page.go("ShortcutRename");
            case "pin":
                TheShortcut.pin(!TheShortcut.pinned);
                return Profile.close();
            default:
                return confirm.open();
            }
        }
    }
    Connections {
        function onRemoved() {
            if (page.visible)
                Profile.close();
        }

        target: TheShortcut
    }

    FaceView {
        anchors.fill: parent
        emptyGlyph: Shortcuts.some ? Icons.search : Icons.shortcut
        emptyText: Shortcuts.some ? qsTr("Try another part of its name.") : qsTr("Print a file or scan into a folder with one tap: open a cloud, and choose “Add shortcut” in the menu beside the file or folder.")
        emptyTitle: Shortcuts.some ? qsTr("Nothing found") : qsTr("No shortcuts yet")
        errorCode: Shortcuts.errorCode
        face: Shortcuts.face
        onFailedActionTapped: Shortcuts.load()

        AppList {
            id: list

            anchors.fill: parent
            focus: true
            model: Shortcuts
            objectName: "shortcut-list"

            delegate: ListRow {
                id: row

                required property int index
                required property string shortcutId
                required property string kind
                required property string name
                required property string provider
                required property string profileName
                required property string targetName
                required property bool hasPin
                required property string shortcutState
                required property bool pinned
                required property string problem
                readonly property bool troubled: problem !== "" || shortcutState !== "ready"

                detail: {
                    if (shortcutState !== "ready")
                        return Panel.words.profileState(shortcutState);
                    if (problem !== "")
                        return Panel.words.shortcutProblem(kind, problem);
                    return [targetName, profileName, Providers.titleOf(provider)].filter(one => one !== "").join("  ·  ");
                }
                detailInk: troubled ? Theme.bad : Theme.textSoft
                glyph: kind === "print" ? Icons.printer : Icons.scanner
                glyphFill: Theme.highContrast ? "#000000" : Theme.accentSoft
                glyphInk: Theme.accentSoftInk
                objectName: "shortcut-row-" + index
                title: name
                width: list.width
                onClicked: door.start(shortcutId, "open")

                Icon {
                    color: Theme.bad
                    text: Icons.warning
                    visible: row.troubled
                }
                Icon {
                    Accessible.name: qsTr("On the home screen")
                    color: Theme.textSoft
                    text: Icons.pin
                    visible: row.pinned
                }
                Icon {
                    color: Theme.textSoft
                    text: Icons.lock
                    visible: row.hasPin
                }
                IconButton {
                    glyph: Icons.menu
                    objectName: "shortcut-menu-" + row.index
                    text: qsTr("Menu of %1").arg(row.name)
                    onClicked: {
                        menu.shortcutId = row.shortcutId;
                        menu.pinned = row.pinned;
                        menu.title = row.name;
                        menu.open();
                    }
                }
            }
        }
    }
    ChoiceDialog {
        id: menu

        property string shortcutId: ""
        property bool pinned: false

        glyphs: [Icons.edit, Icons.settings, Icons.pin, Icons.trash]
        keys: ["rename", "edit", "pin", "delete"]
        namePrefix: "menu-"
        words: [qsTr("Rename"), qsTr("Edit"), pinned ? qsTr("Take off the home screen") : qsTr("Show on the home screen"), qsTr("Delete")]
        onChosen: key => door.start(shortcutId, key)
    }
    ConfirmDialog {
        id: confirm

        confirm: qsTr("Delete")
        text: qsTr("The file or folder in the cloud stays.")
        //: %1 is a shortcut's name
        title: qsTr("Delete “%1”?").arg(TheShortcut.name)
        onClosed: Qt.callLater(() => TheShortcut.busy ? undefined : Profile.close()) // unless it is being removed
        onConfirmed: TheShortcut.remove()
    }
    NoticeDialog {
        glyph: Icons.failed
        text: [Panel.words.errorWhy(TheShortcut.errorCode), Panel.words.errorAdvice(TheShortcut.errorCode)].join(" ").trim()
        title: Panel.words.errorTitle(TheShortcut.errorCode)
        visible: page.visible && TheShortcut.errorCode !== ""
        onClosed: TheShortcut.forgetError()
    }
}
