// SPDX-License-Identifier: Apache-2.0
// The glyphs of the icon font (Material Design Icons, Debian's fonts-materialdesignicons-webfont) by what they mean here.
pragma Singleton
import QtQuick

QtObject {
    readonly property string family: "Material Design Icons"
    readonly property string back: "\uf04d" // arrow-left
    readonly property string cloud: "\uf15f" // cloud
    readonly property string dropbox: "\uf1e3" // dropbox
    readonly property string box: "\uf0d4" // box
    readonly property string googleDrive: "\uf2b6" // google-drive
    readonly property string oneDrive: "\uf3ca" // onedrive
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
    readonly property string web: "\uf59f" // web

    function provider(id: string): string {
        switch (id) {
        case "box":
            return box;
        case "dropbox":
            return dropbox;
        case "google-drive":
        case "googledrive":
            return googleDrive;
        case "onedrive":
            return oneDrive;
        default:
            return cloud;
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
