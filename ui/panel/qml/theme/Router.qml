// SPDX-License-Identifier: Apache-2.0
// Wishes to go to another page. Main carries them out; a page only says where.
pragma Singleton
import QtQuick

QtObject {
    signal openRequested(string name)
    // Takes the place of the page on top.
    signal replaceRequested(string name)
    signal backRequested
    // Back to the nearest page of that name, or home.
    signal backToRequested(string name)
    signal homeRequested
    // The name at the top right: to sign in, or out.
    signal userTapped

    function open(name: string) {
        openRequested(name);
    }
    function replace(name: string) {
        replaceRequested(name);
    }
    function back() {
        backRequested();
    }
    function backTo(name: string) {
        backToRequested(name);
    }
    function home() {
        homeRequested();
    }
}
