// SPDX-License-Identifier: Apache-2.0
// Linking a profile to its cloud account: the code, its address and expiry, and what became of it.
#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QObject>
#include <QStringList>

namespace connector::ui {

class ApiClient;

class Authorization : public QObject {
    Q_OBJECT
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString userCode READ userCode NOTIFY changed)
    Q_PROPERTY(QString address READ address NOTIFY changed)
    Q_PROPERTY(QString completeAddress READ completeAddress NOTIFY changed)
    Q_PROPERTY(QDateTime expiresAt READ expiresAt NOTIFY changed)
    Q_PROPERTY(QString errorCode READ errorCode NOTIFY changed)
    Q_PROPERTY(QStringList errorDomains READ errorDomains NOTIFY changed)
    // The instructions are on their way: "mail" or "print"; and the last that went, or why it did not.
    Q_PROPERTY(QString giving READ giving NOTIFY givenChanged)
    Q_PROPERTY(QString given READ given NOTIFY givenChanged)
    Q_PROPERTY(QString givingError READ givingError NOTIFY givenChanged)
    Q_PROPERTY(bool cancelling READ cancelling NOTIFY cancellingChanged)

public:
    enum State { Requesting, Waiting, Granted, Denied, Expired, Failed, Cancelled };
    Q_ENUM(State)

    explicit Authorization(ApiClient *client, QObject *parent = nullptr);

    State state() const { return m_state; }
    QString userCode() const { return m_data[QStringLiteral("userCode")].toString(); }
    // Without "https://" and the last slash: as a person types it.
    QString address() const;
    QString completeAddress() const { return m_data[QStringLiteral("verificationUriComplete")].toString(); }
    QDateTime expiresAt() const;
    QString errorCode() const;
    QStringList errorDomains() const;

    // Shows the profile's present code, or asks for a new one: always with fresh, else where none still works.
    // A new code may bring the profile a new PIN.
    Q_INVOKABLE void follow(const QString &profileId, bool fresh, const QString &newPin = {});
    Q_INVOKABLE void renew();
    // Ends in cancelled() or notCancelled().
    Q_INVOKABLE void cancel();
    bool cancelling() const { return m_cancelling; }
    // The same instructions, away from the panel.
    Q_INVOKABLE void sendTo(const QString &address);
    Q_INVOKABLE void print();
    Q_INVOKABLE void forgetGiven();
    QString giving() const { return m_giving; }
    QString given() const { return m_given; }
    QString givingError() const { return m_givingError; }
    // Leaves the code as it is: it may still be used.
    void forget();

signals:
    void changed();
    void granted(const QString &profileId);
    void cancelled();
    void notCancelled(const QString &code);
    void cancellingChanged();
    void givenChanged();
    void printing(const QString &jobId);

private:
    void ask(const QString &method);
    void take(const QJsonObject &data);
    void fail(const QString &code);
    void setCancelling(bool cancelling);
    void give(const QString &way, const QString &method, QJsonObject params);

    ApiClient *m_client;
    QString m_profileId, m_newPin;
    QString m_giving, m_given, m_givingError;
    QString m_printKey; // the same again where nobody knows whether it arrived
    QJsonObject m_data;
    State m_state = Requesting;
    bool m_mayRenew = false;
    bool m_cancelling = false;
    int m_followed = 0;
};

} // namespace connector::ui
