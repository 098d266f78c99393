// SPDX-License-Identifier: Apache-2.0
// The PIN that is being chosen for a profile; empty before and after.
pragma Singleton
import QtQuick

QtObject {
    property string pin: ""
}
