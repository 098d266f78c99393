// SPDX-License-Identifier: Apache-2.0
// The panel's words for what the service says in codes: errors, states, sizes and times, in the person's language.
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QLocale>
#include <QObject>
#include <QString>
#include <QStringList>

namespace connector::ui {

// Every function is pure but for the language. Unknown codes get a general, true sentence and are never shown bare.
class Words : public QObject {
    Q_OBJECT

public:
    explicit Words(QObject *parent = nullptr);

    void setLocale(const QLocale &locale) { m_locale = locale; }

    // What happened, why, and what to do. why may be empty.
    Q_INVOKABLE QString errorTitle(const QString &code) const;
    Q_INVOKABLE QString errorWhy(const QString &code) const;
    Q_INVOKABLE QString errorAdvice(const QString &code) const;
    // The text of the button that helps; empty where none does.
    Q_INVOKABLE QString errorAction(const QString &code) const;
    Q_INVOKABLE QString domainAdvice(const QStringList &domains) const;
    static QStringList errorCodes();

    Q_INVOKABLE QString size(double bytes) const;
    // "1.2 MB of 7.0 MB"; only the first where the total is unknown.
    Q_INVOKABLE QString sizeOf(double bytes, double total) const;
    Q_INVOKABLE QString date(const QDateTime &when) const;
    Q_INVOKABLE QString dateTime(const QDateTime &when) const;
    Q_INVOKABLE QString longDate(const QDateTime &when) const;
    Q_INVOKABLE QString time(const QDateTime &when) const;
    Q_INVOKABLE QString countdown(int seconds) const;

    Q_INVOKABLE QString fileType(const QString &type) const;
    Q_INVOKABLE QString fileReason(const QString &reason) const;
    // A folder beside the root: its own name, or what its kind is called.
    Q_INVOKABLE QString place(const QString &kind, const QString &name) const;
    // Why the cloud is waited for and until when; "" for other codes, or without a time.
    Q_INVOKABLE QString waiting(const QString &code, const QDateTime &until) const;
    Q_INVOKABLE QString profileState(const QString &state) const;
    // "Access ends on 5 December 2026"; empty where it does not, or not within a month.
    Q_INVOKABLE QString accessEnds(const QDateTime &when) const;
    // For the name of a job that is another guest's.
    Q_INVOKABLE QString otherJob(const QString &kind) const;
    Q_INVOKABLE QString signInMethod(const QString &method) const;
    Q_INVOKABLE QString unknownCard() const;
    // What is wrong with the file or folder of a shortcut, and what to do.
    Q_INVOKABLE QString shortcutProblem(const QString &kind, const QString &problem) const;
    Q_INVOKABLE QString shortcutAdvice(const QString &kind, const QString &problem) const;

    Q_INVOKABLE QString printerState(const QString &state, const QStringList &reasons) const;
    Q_INVOKABLE QString scannerState(const QString &state, const QStringList &reasons) const;
    Q_INVOKABLE QString colorMode(const QString &mode) const;
    Q_INVOKABLE QString sides(const QString &sides) const;
    Q_INVOKABLE QString media(const QString &name) const;
    Q_INVOKABLE QString quality(const QString &quality) const;
    Q_INVOKABLE QString source(const QString &source) const;
    Q_INVOKABLE QString copies(int count) const;
    // Settings as one line; what the printer or scanner decides by itself is left out.
    Q_INVOKABLE QString printSummary(int count, const QString &sides, const QString &colorMode,
                                     const QString &media) const;
    Q_INVOKABLE QString scanSummary(const QString &source, const QString &colorMode, int resolution) const;
    Q_INVOKABLE QString pages(int count) const;
    Q_INVOKABLE QString files(int count) const;

    Q_INVOKABLE QString stage(const QString &kind, const QString &stage) const;

private:
    QLocale m_locale = QLocale::c();
};

} // namespace connector::ui
