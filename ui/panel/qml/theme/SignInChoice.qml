// SPDX-License-Identifier: Apache-2.0
// Whom somebody chose from the list at the sign-in.
pragma Singleton
import QtQuick

QtObject {
    property string person: ""
    property string name: ""
    property bool byPin: false

    function forget() {
        person = "";
        name = "";
    }
}
