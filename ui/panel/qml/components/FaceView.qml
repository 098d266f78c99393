// SPDX-License-Identifier: Apache-2.0
// The four faces of a page's content: the shape of what comes, what to do when there is nothing, the content, the failure.
// Bound components cannot be made by a Loader in Qt 6.4, so their ids look unqualified.
// qmllint disable unqualified
import QtQuick
import Panel

Item {
    id: root

    property int face: Face.Loading
    property string errorCode: ""
    property string errorAdvice: Panel.words.errorAdvice(errorCode)
    property string emptyGlyph: ""
    property string emptyTitle: ""
    property string emptyText: ""
    property string emptyAction: ""
    property string emptyActionName: ""
    property bool rowsExpected: true
    default property alias content: content.data

    signal emptyActionTapped
    signal failedActionTapped

    Item {
        id: content

        anchors.fill: parent
        visible: root.face === Face.Content
    }
    Loader {
        active: root.face === Face.Loading
        anchors.fill: parent
        sourceComponent: Skeleton {
            objectName: "face-loading"
            rows: root.rowsExpected
        }
    }
    Loader {
        active: root.face === Face.Empty
        anchors.fill: parent
        sourceComponent: Message {
            action: root.emptyAction
            actionName: root.emptyActionName
            glyph: root.emptyGlyph
            objectName: "face-empty"
            text: root.emptyText
            title: root.emptyTitle
            onActionTapped: root.emptyActionTapped()
        }
    }
    Loader {
        active: root.face === Face.Failed
        anchors.fill: parent
        sourceComponent: FailedMessage {
            advice: root.errorAdvice
            code: root.errorCode
            objectName: "face-failed"
            onActionTapped: root.failedActionTapped()
        }
    }
}
