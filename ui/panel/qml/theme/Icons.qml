// SPDX-License-Identifier: Apache-2.0
// The glyphs of the icon font (Material Design Icons, Debian's fonts-materialdesignicons-webfont) by what they mean here.
pragma Singleton
import QtQuick

QtObject {
    readonly property string family: "Material Design Icons"
    readonly property string back: "\uf04d" // arrow-left
    readonly property string cloud: "\uf15f" // cloud
    readonly property string add: "\uf415" // plus
    readonly property string remove: "\uf374" // minus
    readonly property string search: "\uf349" // magnify
    readonly property string menu: "\uf1d9" // dots-vertical
    readonly property string close: "\uf156" // close
    readonly property string check: "\uf12c" // check
    readonly property string done: "\uf5e0" // check-circle
    readonly property string failed: "\uf028" // alert-circle
    readonly property string warning: "\uf026" // alert
    readonly property string printer: "\uf42a" // printer
    readonly property string scanner: "\uf19f" // crop-free
    readonly property string pdf: "\uf225" // file-pdf
    readonly property string image: "\uf21f" // file-image
    readonly property string document: "\uf22c" // file-word
    readonly property string spreadsheet: "\uf21b" // file-excel
    readonly property string presentation: "\uf227" // file-powerpoint
    readonly property string text: "\uf219" // file-document
    readonly property string file: "\uf214" // file
    readonly property string archive: "\uf5c4" // zip-box
    readonly property string audio: "\uf223" // file-music
    readonly property string video: "\uf22b" // file-video
    readonly property string folder: "\uf24b" // folder
    readonly property string folderAdd: "\uf257" // folder-plus
    readonly property string lock: "\uf33e" // lock
    readonly property string user: "\uf009" // account-circle
    readonly property string clock: "\uf150" // clock
    readonly property string refresh: "\uf450" // refresh
    readonly property string trash: "\uf1c0" // delete
    readonly property string edit: "\uf3eb" // pencil
    readonly property string login: "\uf342" // login
    readonly property string logout: "\uf343" // logout
    readonly property string card: "\uf397" // nfc-tap
    readonly property string email: "\uf1ee" // email
    readonly property string shortcut: "\uf241" // flash
    readonly property string pin: "\uf403" // pin
    readonly property string settings: "\uf493" // settings
    readonly property string language: "\uf5ca" // translate
    readonly property string contrast: "\uf196" // contrast-box
    readonly property string about: "\uf2fc" // information
    readonly property string qr: "\uf432" // qrcode
    readonly property string next: "\uf142" // chevron-right
    readonly property string down: "\uf140" // chevron-down
    readonly property string sort: "\uf4ba" // sort
    readonly property string select: "\uf139" // checkbox-multiple-marked-outline
    readonly property string backspace: "\uf06e" // backspace
    readonly property string enter: "\uf311" // keyboard-return
    readonly property string keyboardDown: "\uf30f" // keyboard-close
    readonly property string shift: "\uf636" // shift
    readonly property string shiftLock: "\uf05e" // arrow-up-bold
    readonly property string phone: "\uf11c" // cellphone
    readonly property string waiting: "\uf51f" // timer-sand
    readonly property string lost: "\uf319" // lan-disconnect
    readonly property string jobs: "\uf279" // format-list-bulleted
    readonly property string checkedBox: "\uf132" // checkbox-marked
    readonly property string emptyBox: "\uf131" // checkbox-blank-outline
    readonly property string radioOn: "\uf43e" // radiobox-marked
    readonly property string radioOff: "\uf43d" // radiobox-blank
    readonly property string pause: "\uf3e5" // pause-circle
    readonly property string canceled: "\uf159" // close-circle
    readonly property string arrowUp: "\uf05d" // arrow-up
    readonly property string arrowDown: "\uf045" // arrow-down
    readonly property string page: "\uf224" // file-outline
    readonly property string upload: "\uf167" // cloud-upload
    readonly property string shared: "\uf00e" // account-multiple
    readonly property string library: "\uf2ca" // harddisk
    readonly property string web: "\uf59f" // web

    // The clouds: drawn by us, what they do rather than their owners' marks. Paths for Drawing.
    function provider(id: string): list<string> {
        switch (id) {
        case "box": // a parcel
            return ["M24 5 L41 14.5 V33.5 L24 43 L7 33.5 V14.5 Z", "M7 14.5 L24 24 L41 14.5", "M24 24 V43", "M15.5 9.7 L32.5 19.2"];
        case "dropbox": // something is put into a tray
            return ["M24 5 V27", "M15 18.5 L24 27.5 L33 18.5", "M6 27 L6 40 L42 40 L42 27", "M6 32 L15 32 L18 36 L30 36 L33 32 L42 32"];
        case "google-drive": // a disk in its case
            return ["M11 9 L37 9 L43 29 L43 39 L5 39 L5 29 Z", "M5 29 L43 29", "M33 34 L36 34", "M12 34 L22 34"];
        case "onedrive": // a cloud
            return ["M14 38 L36 38 A8 8 0 0 0 37.5 22.2 A12 12 0 0 0 14.6 18.8 A9.8 9.8 0 0 0 14 38 Z"];
        case "webdav": // a server of one's own
            return ["M7 8 L41 8 L41 20 L7 20 Z", "M7 26 L41 26 L41 38 L7 38 Z", "M14 14 L16 14", "M14 32 L16 32", "M24 14 L34 14", "M24 32 L34 32", "M24 38 L24 44", "M14 44 L34 44"];
        default:
            return ["M14 38 L36 38 A8 8 0 0 0 37.5 22.2 A12 12 0 0 0 14.6 18.8 A9.8 9.8 0 0 0 14 38 Z"];
        }
    }

    function place(kind: string): string {
        switch (kind) {
        case "shared-with-me":
            return shared;
        case "recent":
            return clock;
        default:
            return library;
        }
    }

    function fileType(type: string): string {
        switch (type) {
        case "folder":
            return folder;
        case "pdf":
            return pdf;
        case "image":
            return image;
        case "text":
            return text;
        case "document":
            return document;
        case "spreadsheet":
            return spreadsheet;
        case "presentation":
            return presentation;
        case "archive":
            return archive;
        case "audio":
            return audio;
        case "video":
            return video;
        default:
            return file;
        }
    }
}
