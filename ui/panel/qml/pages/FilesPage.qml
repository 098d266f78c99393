// SPDX-License-Identifier: Apache-2.0
// Folders and files of the opened profile: walk, search, sort, choose what to print, scan here.
// Bound components cannot be made by a Loader in Qt 6.4, so their ids look unqualified.
// qmllint disable unqualified
import QtQuick
import QtQuick.Layouts
import Panel

PanelPage {
    id: page

    // The person, choosing for a shortcut, comes in again by the page above.
    property bool entering: false

    function enterAgain(by: string) {
        entering = TheShortcut.choosing;
        if (entering)
            Router.open(by);
        else
            Router.replace(by);
    }

    function tapped(row: int, folder: bool, printable: bool, name: string, reason: string) {
        if (folder && !Files.selecting)
            Files.enter(row, list.contentY);
        else if (TheShortcut.choosing && !TheShortcut.printing)
            why.showText(name, qsTr("Choose a folder."));
        else if (!printable)
            why.show(name, reason);
        else if (Files.selecting)
            Files.toggle(row);
        else if (TheShortcut.choosing) {
            TheShortcut.take(row);
            Router.back();
        } else {
            Files.pick(row);
            Router.open("Print");
        }
    }
    function leave() {
        if (Files.up())
            return;
        if (TheShortcut.choosing)
            TheShortcut.stopChoosing();
        else
            Profile.close();
        Router.back();
    }
    function addShortcut(row: int) {
        if (row < 0)
            TheShortcut.beginForFolder();
        else
            TheShortcut.beginFor(row);
        Router.open("ShortcutEdit");
    }

    name: "Files"
    title: Files.selecting ? (Files.selectedCount === 0 ? qsTr("Choose files") : qsTr("%n file(s) chosen", "", Files.selectedCount)) : Files.folderName
    actionsShown: Files.selecting || (!Files.searching && Files.face !== Face.Failed)
    heading: Files.searching ? searchHeading : Files.selecting ? null : crumbHeading
    onBackTapped: leave()
    onVisibleChanged: visible ? entering = false : undefined

    tools: [
        IconButton {
            glyph: Icons.search
            objectName: "search-button"
            text: qsTr("Search")
            visible: Files.canSearch && !Files.searching && !Files.selecting && Files.face !== Face.Failed
            onClicked: Files.startSearch(list.contentY)
        },
        IconButton {
            glyph: Icons.menu
            objectName: "menu-button"
            text: qsTr("Menu")
            visible: !Files.searching && !Files.selecting && Files.face !== Face.Failed
            onClicked: menu.open()
        }
    ]

    Connections {
        function onCameBack(scroll: real) {
            list.forceLayout();
            list.contentY = scroll;
        }

        target: Files
    }
    Connections {
        function onOpenedNow() {
            Router.backTo("Files");
            Files.reload();
        }

        enabled: page.entering
        target: Profile
    }
    Component {
        id: crumbHeading

        Crumbs {
            names: Files.crumbs
            onTapped: crumb => Files.goTo(crumb)
        }
    }
    Component {
        id: searchHeading

        SearchField {
            onSearched: text => text !== Files.query ? Files.search(text) : undefined
        }
    }

    FaceView {
        anchors.fill: parent
        emptyGlyph: Files.searching ? Icons.search : Icons.folder
        emptyText: Files.searching ? (Files.query === "" ? qsTr("Type a part of its name.") : qsTr("Try another part of its name."))
                                   : Files.writable ? qsTr("Load your pages and tap “Scan here”.") : ""
        emptyTitle: Files.searching ? (Files.query === "" ? qsTr("What are you looking for?") : qsTr("Nothing found")) : qsTr("This folder is empty")
        errorCode: Files.errorCode
        face: Files.face
        onFailedActionTapped: {
            if (Files.errorCode === "pin-required" && Profile.hasPin)
                page.enterAgain("Pin");
            else if (Files.errorCode === "access-revoked" || Files.errorCode === "domain-refused" || Files.errorCode === "not-linked") {
                Linking.follow(Profile.profileId, true);
                page.enterAgain("Link");
            } else
                Files.reload();
        }

        AppList {
            id: list

            anchors.fill: parent
            focus: true
            model: Files
            objectName: "file-list"

            header: Column {
                visible: height > 0
                width: list.width

                // They come after the files: whoever has not scrolled yet sees them.
                onHeightChanged: list.contentY < Theme.rowHeight ? list.positionViewAtBeginning() : undefined

                Repeater {
                    model: Files.selecting ? [] : Files.places

                    ListRow {
                        required property int index
                        required property var modelData

                        glyph: Icons.place(modelData.kind)
                        glyphInk: Theme.accentSoftInk
                        objectName: "place-row-" + index
                        title: Panel.words.place(modelData.kind, modelData.name ?? "")
                        width: list.width
                        onClicked: Files.enterPlace(index, title, list.contentY)

                        Icon {
                            Layout.rightMargin: Theme.gap
                            color: Theme.textSoft
                            text: Icons.next
                        }
                    }
                }
            }
            // Three screens ahead.
            onContentYChanged: contentY + 4 * height > originY + contentHeight ? Files.nearEnd() : undefined
            onCountChanged: contentY + 4 * height > originY + contentHeight ? Files.nearEnd() : undefined

            delegate: ListRow {
                id: row

                required property int index
                required property string name
                required property string type
                required property bool folder
                required property real size
                required property date modified
                required property bool printable
                required property string reason
                required property bool selected
                required property string path
                required property bool usable
                required property var thumbnail

                Accessible.checkable: Files.selecting && !folder
                Accessible.checked: selected
                detail: {
                    if (folder)
                        return Files.searching && path !== "" ? path : "";
                    const parts = [printable ? Panel.words.size(size) : Panel.words.fileReason(reason), Panel.words.date(modified)];
                    return parts.filter(one => one !== "").join("  ·  ");
                }
                dimmed: !printable || (Files.selecting && folder)
                elideMiddle: true
                glyph: Icons.fileType(type)
                glyphInk: Theme.fileType(type)
                objectName: "file-row-" + index
                picture: thumbnail
                title: name
                width: list.width
                onClicked: page.tapped(index, folder, printable, name, reason)

                Icon {
                    Layout.rightMargin: Theme.gap
                    color: row.selected ? Theme.accent : Theme.textSoft
                    text: row.selected ? Icons.checkedBox : Icons.emptyBox
                    visible: Files.selecting && !row.folder && row.printable
                }
                Icon {
                    Layout.rightMargin: Theme.gap
                    color: Theme.textSoft
                    text: Icons.next
                    visible: row.folder && !Files.selecting && !dots.visible
                }
                IconButton {
                    id: dots

                    glyph: Icons.menu
                    objectName: "file-menu-" + row.index
                    text: qsTr("Menu of %1").arg(row.name)
                    visible: row.usable && !Files.selecting && !TheShortcut.choosing
                    onClicked: {
                        fileMenu.row = row.index;
                        fileMenu.folder = row.folder;
                        fileMenu.title = row.name;
                        fileMenu.open();
                    }
                }
            }
            footer: Item {
                height: Files.more ? Theme.rowHeight : 0
                visible: Files.more
                width: list.width

                AppText {
                    anchors.centerIn: parent
                    color: Theme.textSoft
                    text: Files.moreError === "" ? (Files.sortingAll ? qsTr("Reading the whole folder to sort it…") : qsTr("More is coming…")) : Panel.words.errorTitle(Files.moreError)
                    visible: Files.moreError === ""
                }
                AppButton {
                    anchors.centerIn: parent
                    objectName: "more-button"
                    text: Panel.words.errorTitle(Files.moreError) + ": " + qsTr("Try again")
                    visible: Files.moreError !== ""
                    onClicked: Files.loadMore()
                }
            }
        }
    }
    Notice {
        anchors.bottom: parent.bottom
        anchors.left: parent.left
        anchors.margins: Theme.gapLarge
        anchors.right: parent.right
        border.width: Theme.line
        fill: Theme.warnSoft
        glyph: Icons.waiting
        ink: Theme.warn
        objectName: "waiting-notice"
        text: Panel.words.waiting(Files.waitingReason, Files.waitingUntil)
        visible: text !== "" && (Files.face === Face.Loading || Files.more)
    }
    ChoiceDialog {
        id: menu

        readonly property bool sortable: Files.sortKeys.length > 0 && Files.count > 1

        glyphs: keys.map(key => ({
                    "sort": Icons.sort,
                    "select": Icons.select,
                    "new-folder": Icons.folderAdd,
                    "shortcut": Icons.shortcut
                })[key])
        keys: ["sort", "select", "new-folder", "shortcut"].filter(key => {
            switch (key) {
            case "sort":
                return sortable;
            case "select":
                return !TheShortcut.choosing;
            case "new-folder":
                return Files.canCreateFolder;
            default:
                return Files.writable && !TheShortcut.choosing;
            }
        })
        namePrefix: "menu-"
        title: Files.folderName
        words: keys.map(key => ({
                    "sort": qsTr("Sort"),
                    "select": qsTr("Choose several files"),
                    "new-folder": qsTr("New folder"),
                    "shortcut": qsTr("Add shortcut")
                })[key])
        onChosen: key => {
            if (key === "sort")
                sort.open();
            else if (key === "select")
                Files.startSelecting();
            else if (key === "shortcut")
                page.addShortcut(-1);
            else
                Router.open("NewFolder");
        }
    }
    Connections {
        function onSaved() {
            if (!TheShortcut.choosing)
                added.open();
        }

        target: TheShortcut
    }
    NoticeDialog {
        id: added

        glyph: Icons.shortcut
        text: qsTr("You find “%1” under Shortcuts, beside the clouds.").arg(TheShortcut.name)
        title: qsTr("Shortcut added")
    }
    ChoiceDialog {
        id: fileMenu

        property int row: -1
        property bool folder: false

        glyphs: [folder ? Icons.folder : Icons.printer, Icons.shortcut]
        keys: ["open", "shortcut"]
        namePrefix: "menu-"
        words: [folder ? qsTr("Open") : qsTr("Print"), qsTr("Add shortcut")]
        onChosen: key => {
            if (key === "shortcut")
                page.addShortcut(row);
            else
                page.tapped(row, folder, true, title, "");
        }
    }
    ChoiceDialog {
        id: sort

        readonly property var all: ({
                "name-up": qsTr("Name, A to Z"),
                "name-down": qsTr("Name, Z to A"),
                "date-down": qsTr("Date, newest first"),
                "date-up": qsTr("Date, oldest first"),
                "size-down": qsTr("Size, largest first"),
                "size-up": qsTr("Size, smallest first")
            })

        current: Files.sortBy + (Files.descending ? "-down" : "-up")
        keys: Object.keys(all).filter(key => Files.sortKeys.includes(key.split("-")[0]))
        title: qsTr("Sort by")
        words: keys.map(key => all[key])
        onChosen: key => Files.orderBy(key.split("-")[0], key.endsWith("-down"))
    }
    NoticeDialog {
        id: why

        function showText(name: string, words: string) {
            title = words;
            text = name;
            open();
        }
        function show(name: string, reason: string) {
            title = Panel.words.errorTitle(reason);
            text = [Panel.words.errorWhy(reason), Panel.words.errorAdvice(reason)].join(" ").trim();
            open();
        }

        glyph: Icons.about
    }

    actions: [
        AppButton {
            objectName: "cancel-button"
            text: qsTr("Cancel")
            visible: Files.selecting
            onClicked: Files.stopSelecting()
        },
        AppText {
            Layout.fillWidth: true
            color: Theme.textSoft
            text: TheShortcut.printing ? qsTr("Tap the file that the shortcut is to print.") : qsTr("Open the folder that the shortcut is to scan into.")
            visible: TheShortcut.choosing
        },
        Item {
            Layout.fillWidth: true
            visible: !TheShortcut.choosing
        },
        AppButton {
            enabled: Files.writable && (Files.face === Face.Content || Files.face === Face.Empty)
            glyph: Icons.scanner
            leastWidth: Theme.portrait ? 0 : Theme.px(240)
            main: true
            objectName: "scan-here-button"
            text: qsTr("Scan here")
            visible: !Files.selecting && !TheShortcut.choosing
            onClicked: Router.open("Scan")
        },
        AppButton {
            enabled: Files.writable && (Files.face === Face.Content || Files.face === Face.Empty)
            glyph: Icons.check
            leastWidth: Theme.portrait ? 0 : Theme.px(240)
            main: true
            objectName: "use-folder-button"
            text: qsTr("Use this folder")
            visible: TheShortcut.choosing && !TheShortcut.printing
            onClicked: {
                TheShortcut.takeFolder();
                Router.back();
            }
        },
        AppButton {
            enabled: Files.selectedCount > 0
            glyph: Icons.printer
            leastWidth: Theme.portrait ? 0 : Theme.px(260)
            main: true
            objectName: "print-selection-button"
            text: Files.selectedCount > 0 ? qsTr("Print %n file(s)", "", Files.selectedCount) : qsTr("Print")
            visible: Files.selecting
            onClicked: Router.open("Print")
        }
    ]
}
