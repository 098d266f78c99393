// SPDX-License-Identifier: Apache-2.0
// The panel's models on the real service: what the service in memory pretends is true.
#include "ui/panel/backend/backend.h"
#include "ui/panel/backend/socket_carrier.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace connector::ui;

namespace {

constexpr int kPatienceMs = 20'000; // a slow machine checks a password for a while
const QString kCode = QStringLiteral("BCDFG-HJKLM-NPQRS-TVWXZ");

// Another face, signed in as the machine itself.
class Administrator {
public:
    explicit Administrator(const QString &socket)
    {
        m_socket.connectToServer(socket);
        m_socket.waitForConnected(kPatienceMs);
        ok = call("session.signIn", {{"method", "machine"}}).contains("result");
    }

    QJsonObject call(const QString &method, const QJsonObject &params)
    {
        const int id = m_next++;
        m_socket.write(
            QJsonDocument(QJsonObject{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}})
                .toJson(QJsonDocument::Compact) +
            '\n');
        while (m_socket.canReadLine() || m_socket.waitForReadyRead(kPatienceMs)) {
            while (m_socket.canReadLine()) {
                const QJsonObject message = QJsonDocument::fromJson(m_socket.readLine()).object();
                if (message["id"].toInt() == id)
                    return message;
            }
        }
        return {};
    }

    bool ok = false;

private:
    QLocalSocket m_socket;
    int m_next = 1;
};

// As much of a portal as it takes to be given a code.
class Portal : public QTcpServer {
public:
    Portal()
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QTcpSocket::readyRead, this, [socket] {
                socket->setProperty("request", socket->property("request").toByteArray() + socket->readAll());
                answer(socket);
            });
        });
        listen(QHostAddress::LocalHost);
    }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1").arg(serverPort()); }

private:
    static void answer(QTcpSocket *socket)
    {
        const QByteArray request = socket->property("request").toByteArray();
        static const QRegularExpression kLength("content-length: *([0-9]+)", QRegularExpression::CaseInsensitiveOption);
        const qsizetype head = request.indexOf("\r\n\r\n");
        const int length = kLength.match(QString::fromLatin1(request.left(head))).captured(1).toInt();
        if (head < 0 || request.size() < head + 4 + length)
            return;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        QJsonObject said{{"state", "pending"}, {"interval", 5}};
        if (request.startsWith("POST /api/v1/authorizations "))
            said = {{"deviceCode", QString(43, QLatin1Char('d'))},
                    {"userCode", kCode},
                    {"verificationUri", "http://127.0.0.1/"},
                    {"verificationUriComplete", QStringLiteral("http://127.0.0.1/?code=") + kCode},
                    {"expiresAt", now.addDays(1).toString("yyyy-MM-ddTHH:mm:ssZ")},
                    {"expiresIn", 86'400},
                    {"interval", 5}};
        const QByteArray body = QJsonDocument(said).toJson(QJsonDocument::Compact);
        socket->write("HTTP/1.1 200 OK\r\nConnector-Portal-Protocol: 1\r\nContent-Type: application/json\r\nDate: " +
                      QLocale::c().toString(now, u"ddd, dd MMM yyyy HH:mm:ss").toLatin1() +
                      " GMT\r\nConnection: close\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" +
                      body);
        socket->disconnectFromHost();
    }
};

} // namespace

class RealServiceTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(dir.isValid());
        QFile config(dir.filePath("connectord.toml"));
        QVERIFY(config.open(QIODevice::WriteOnly));
        // Nothing listens at the printer's address, and nothing here needs it.
        config.write(QStringLiteral("[service]\nstate = \"%1\"\nsocket = \"%2\"\n[web]\nenabled = false\n[portal]\nurl "
                                    "= \"%3\"\n"
                                    "[printer]\nuri = \"ipp://127.0.0.1:1/ipp/print\"\n"
                                    "[clouds.dropbox]\nclient_id = \"none\"\n")
                         .arg(dir.filePath("state"), socket(), portal.url())
                         .toUtf8());
        config.close();
        service.setProcessChannelMode(QProcess::MergedChannels);
        service.start(qEnvironmentVariable("CONNECTORD_PROGRAM", QStringLiteral(CONNECTORD)),
                      {"--config", config.fileName()});
        QVERIFY2(service.waitForStarted(), CONNECTORD);
        QByteArray said;
        QVERIFY2(QTest::qWaitFor(
                     [&] {
                         said += service.readAll();
                         return said.contains("\"ready\":true");
                     },
                     kPatienceMs),
                 said.constData());
        administrator = std::make_unique<Administrator>(socket());
        QVERIFY(administrator->ok);
        QVERIFY(administrator
                    ->call("settings.set",
                           {{"signInMethods", QJsonArray{"list", "password", "pin", "card"}}, {"guests", true}})
                    .contains("result"));
        for (const QJsonObject &person : {QJsonObject{{"name", "Mara Lind"}, {"pin", "246813"}, {"card", "0417A2B39C"}},
                                          QJsonObject{{"name", "Tomas Verhoeven"}, {"password", "open sesame"}}}) {
            const QJsonObject added = administrator->call("people.add", person);
            QVERIFY2(added.contains("result"), QJsonDocument(added).toJson().constData());
            ids += added["result"].toObject()["person"].toObject()["id"].toString();
        }
    }

    void cleanupTestCase()
    {
        service.terminate();
        QVERIFY(service.waitForFinished(kPatienceMs));
    }

    void init()
    {
        carrier = std::make_unique<SocketCarrier>(socket());
        backend = std::make_unique<Backend>(carrier.get(), "en");
        backend->client.start();
        QTRY_VERIFY_WITH_TIMEOUT(!backend->session.methods().isEmpty(), kPatienceMs);
    }

    void cleanup()
    {
        backend.reset();
        carrier.reset();
    }

    void theListNamesWhoMayBeChosenAndAPinSignsIn()
    {
        QCOMPARE(backend->session.methods(), QStringList({"list", "password", "pin", "card"}));
        QVERIFY(backend->session.guest() && !backend->session.closed());
        backend->people.load();
        QTRY_COMPARE(backend->people.face(), FacedModel::Content);
        QCOMPARE(backend->people.index(0, 0).data(PeopleModel::NameRole).toString(), QStringLiteral("Mara Lind"));
        QCOMPARE(backend->people.index(0, 0).data(PeopleModel::SecretRole).toString(), QStringLiteral("pin"));
        backend->session.signInAs(ids[0], "999999");
        QTRY_COMPARE_WITH_TIMEOUT(backend->session.errorCode(), QStringLiteral("sign-in-failed"), kPatienceMs);
        backend->session.signInAs(ids[0], "246813");
        QTRY_COMPARE_WITH_TIMEOUT(backend->session.name(), QStringLiteral("Mara Lind"), kPatienceMs);
        QVERIFY(backend->session.timeout() > 0);
    }

    void aNameAndItsPasswordSignIn()
    {
        backend->session.signInByName("tomas verhoeven", "open sesame");
        QTRY_COMPARE_WITH_TIMEOUT(backend->session.name(), QStringLiteral("Tomas Verhoeven"), kPatienceMs);
    }

    void aPinAloneSignsIn()
    {
        backend->session.signInByPin("246813");
        QTRY_COMPARE_WITH_TIMEOUT(backend->session.name(), QStringLiteral("Mara Lind"), kPatienceMs);
    }

    void aCardTakesThePlaceOfWhoIsSignedIn()
    {
        backend->session.signInByName("Tomas Verhoeven", "open sesame");
        QTRY_COMPARE_WITH_TIMEOUT(backend->session.name(), QStringLiteral("Tomas Verhoeven"), kPatienceMs);
        backend->session.signInByCard("0417A2B39C");
        QVERIFY(backend->session.guest());
        QTRY_COMPARE_WITH_TIMEOUT(backend->session.name(), QStringLiteral("Mara Lind"), kPatienceMs);
    }

    void aPersonsProfileIsTheirsAloneAndGoneAtSignOut()
    {
        backend->session.signInByCard("0417A2B39C");
        QTRY_VERIFY_WITH_TIMEOUT(!backend->session.guest(), kPatienceMs);
        backend->profiles.show("dropbox");
        QTRY_COMPARE_WITH_TIMEOUT(backend->profiles.face(), FacedModel::Empty, kPatienceMs);
        backend->profiles.create("My dissertation", {});
        QTRY_COMPARE_WITH_TIMEOUT(backend->profiles.count(), 1, kPatienceMs);
        backend->session.end();
        QCOMPARE(backend->profiles.count(), 0);
        QSignalSpy settled(&backend->session, &Session::settled);
        QTRY_VERIFY_WITH_TIMEOUT(!settled.isEmpty(), kPatienceMs);
        backend->profiles.show("dropbox");
        QTRY_COMPARE_WITH_TIMEOUT(backend->profiles.face(), FacedModel::Empty, kPatienceMs);
        backend->session.signInByCard("0417A2B39C");
        QTRY_COMPARE_WITH_TIMEOUT(backend->profiles.count(), 1, kPatienceMs);
    }

    // The instructions are on paper, and the session in which they were printed is over.
    void whoKnowsThePinOfAPendingProfileFindsItsCodeAgainAndMayDeleteIt()
    {
        ProfileSession &profile = backend->profile;
        backend->profiles.show("dropbox");
        backend->profiles.create("Summer school", "2468");
        QTRY_COMPARE_WITH_TIMEOUT(backend->profiles.count(), 1, kPatienceMs);
        const QString id = backend->profiles.index(0, 0).data(ProfilesModel::ProfileIdRole).toString();
        backend->authorization.follow(id, false);
        QTRY_COMPARE_WITH_TIMEOUT(backend->authorization.userCode(), kCode, kPatienceMs);
        QSignalSpy settled(&backend->session, &Session::settled);
        backend->session.end();
        QTRY_VERIFY_WITH_TIMEOUT(!settled.isEmpty(), kPatienceMs);
        QVERIFY(backend->authorization.userCode().isEmpty());
        backend->profiles.show("dropbox");
        QTRY_COMPARE_WITH_TIMEOUT(backend->profiles.count(), 1, kPatienceMs);

        QSignalSpy pinWanted(&profile, &ProfileSession::pinWanted);
        QSignalSpy passed(&profile, &ProfileSession::passed);
        profile.start(id, {});
        QCOMPARE(pinWanted.count(), 1);
        profile.open("9999");
        QTRY_COMPARE_WITH_TIMEOUT(profile.errorCode(), QStringLiteral("pin-wrong"), kPatienceMs);
        QVERIFY(passed.isEmpty());
        profile.open("2468");
        QTRY_COMPARE_WITH_TIMEOUT(passed.count(), 1, kPatienceMs);
        QCOMPARE(passed.last()[0].value<ProfileSession::Step>(), ProfileSession::ShowCode);
        QVERIFY(profile.errorCode().isEmpty());
        backend->authorization.follow(id, false);
        QTRY_COMPARE_WITH_TIMEOUT(backend->authorization.userCode(), kCode, kPatienceMs);

        profile.start(id, "delete");
        QCOMPARE(pinWanted.count(), 2);
        profile.open("2468");
        QTRY_COMPARE_WITH_TIMEOUT(passed.count(), 2, kPatienceMs);
        QCOMPARE(passed.last()[0].value<ProfileSession::Step>(), ProfileSession::Delete);
        profile.remove();
        QTRY_COMPARE_WITH_TIMEOUT(backend->profiles.face(), FacedModel::Empty, kPatienceMs);
    }

    void whoIsRemovedIsSignedOut()
    {
        const QJsonObject added = administrator->call("people.add", {{"name", "Ilse"}, {"pin", "975310"}});
        backend->session.signInByPin("975310");
        QTRY_COMPARE_WITH_TIMEOUT(backend->session.name(), QStringLiteral("Ilse"), kPatienceMs);
        QSignalSpy ended(&backend->session, &Session::ended);
        QVERIFY(administrator->call("people.remove", {{"id", added["result"].toObject()["person"].toObject()["id"]}})
                    .contains("result"));
        QTRY_COMPARE_WITH_TIMEOUT(ended.count(), 1, kPatienceMs);
        QVERIFY(backend->session.guest());
    }

    void whereGuestsAreKeptOutThePanelKnows()
    {
        QVERIFY(administrator->call("settings.set", {{"guests", false}}).contains("result"));
        QTRY_VERIFY_WITH_TIMEOUT(backend->session.closed(), kPatienceMs);
        QVERIFY(administrator->call("settings.set", {{"guests", true}}).contains("result"));
        QTRY_VERIFY_WITH_TIMEOUT(!backend->session.closed(), kPatienceMs);
    }

    void wrongPinsAreThrottledAndThePanelCountsDown()
    {
        for (int tries = 0; tries < 30 && backend->session.waitSeconds() == 0; ++tries) {
            backend->session.signInByPin("111111");
            QTRY_VERIFY_WITH_TIMEOUT(!backend->session.busy(), kPatienceMs);
        }
        QVERIFY(backend->session.waitSeconds() > 0);
        QCOMPARE(backend->session.errorCode(), QStringLiteral("sign-in-throttled"));
    }

private:
    QString socket() const { return dir.filePath("api.sock"); }

    QTemporaryDir dir;
    Portal portal;
    QProcess service;
    QStringList ids;
    std::unique_ptr<Administrator> administrator;
    std::unique_ptr<SocketCarrier> carrier;
    std::unique_ptr<Backend> backend;
};

QTEST_GUILESS_MAIN(RealServiceTest)
#include "real_service_test.moc"
