// SPDX-License-Identifier: Apache-2.0
// The way to a shortcut from the page that it stands on: its profile is opened, with the PIN where it has one; then
// the page hears what was wished. Says so where the profile cannot be used.
import QtQuick
import Panel

Item {
    id: root

    required property string host // the page's name
    property bool waiting: false
    property string wish: ""

    signal passed(string wish)

    function start(shortcutId: string, toDo: string) {
        if (Profile.busy || TheShortcut.busy)
            return;
        TheShortcut.choose(shortcutId);
        wish = toDo;
        const usable = TheShortcut.state === "ready";
        if (toDo === "open" && !usable)
            return refused.show(TheShortcut.state);
        waiting = true;
        if (Profile.hasPin && !Profile.opened)
            Router.open("Pin");
        else if (usable)
            Profile.open("");
        else
            pass();
    }
    // The person came back without having passed.
    function giveUp() {
        waiting = false;
    }
    function pass() {
        waiting = false;
        if (!parent.visible)
            Router.backTo(host);
        passed(wish);
    }

    Connections {
        function onOpenedNow() {
            if (root.waiting)
                root.pass();
        }
        function onBusyChanged() {
            if (!root.waiting || Profile.busy || Profile.errorCode === "" || Profile.errorCode.startsWith("pin-") || Profile.errorCode === "profile-locked")
                return;
            const code = Profile.errorCode;
            const closed = code === "access-revoked" || code === "domain-refused" || code === "profile-expired" || code === "not-linked";
            Profile.forgetError();
            // A PIN that was right is enough to put a shortcut in order.
            if (closed && root.wish !== "open")
                return root.pass();
            root.waiting = false;
            if (!root.parent.visible)
                Router.backTo(root.host);
            refused.show(code);
        }

        target: Profile
    }
    ConfirmDialog {
        id: refused

        property string code: ""

        function show(stateOrCode: string) {
            code = stateOrCode === "revoked" ? "access-revoked" : stateOrCode === "expired" ? "profile-expired" : stateOrCode === "pending" ? "not-linked" : stateOrCode;
            if (confirm !== "")
                open();
            else
                remark.open();
        }

        danger: false
        confirm: code === "access-revoked" || code === "profile-expired" || code === "not-linked" ? Panel.words.errorAction(code) : ""
        text: [Panel.words.errorWhy(code), Panel.words.errorAdvice(code)].join(" ").trim()
        title: Panel.words.errorTitle(code)
        onConfirmed: {
            root.waiting = true;
            Linking.follow(Profile.profileId, true);
            Router.open("Link");
        }
    }
    NoticeDialog {
        id: remark

        glyph: Icons.failed
        text: refused.text
        title: refused.title
    }
}
