// SPDX-License-Identifier: Apache-2.0
// The API client against a real local socket that says what a service may say.
#include "ui/panel/backend/api_client.h"
#include "ui/panel/backend/authorization.h"
#include "ui/panel/backend/socket_carrier.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace connector::ui;

namespace {

// Greets, subscribes, and keeps what else it is asked.
class Service : public QObject {
public:
    explicit Service(const QString &path) : m_path(path)
    {
        connect(&server, &QLocalServer::newConnection, this, [this] {
            peer = server.nextPendingConnection();
            connect(peer, &QLocalSocket::readyRead, this, [this] {
                while (peer->canReadLine())
                    take(QJsonDocument::fromJson(peer->readLine()).object());
            });
        });
    }

    bool listen() { return server.listen(m_path); }

    void say(const QJsonObject &message)
    {
        peer->write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
        peer->flush();
    }

    void answer(int id, const QJsonObject &result) { say({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}}); }

    QLocalServer server;
    QLocalSocket *peer = nullptr;
    QVector<QJsonObject> asked;
    QJsonObject subscribed;
    bool reset = false;

private:
    void take(const QJsonObject &message)
    {
        const QString method = message["method"].toString();
        const int id = message["id"].toInt();
        if (method == "system.hello") {
            answer(id, {{"version", "1"}, {"device", QJsonObject{{"name", "Desk"}}}});
        } else if (method == "events.subscribe") {
            subscribed = message["params"].toObject();
            answer(id, {{"sequence", 41}, {"reset", reset}});
        } else {
            asked += message;
        }
    }

    QString m_path;
};

} // namespace

class ApiClientTest : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        dir = std::make_unique<QTemporaryDir>();
        service = std::make_unique<Service>(dir->filePath("api.sock"));
        carrier = std::make_unique<SocketCarrier>(dir->filePath("api.sock"));
        client = std::make_unique<ApiClient>(carrier.get());
    }

    void cleanup()
    {
        client.reset();
        carrier.reset();
        service.reset();
    }

    void answersComeLateAndInAnyOrder()
    {
        start();
        QString first, second;
        client->call("a.b", {}, this,
                     [&](const QJsonObject &result, const ApiError &) { first = result["v"].toString(); });
        client->call("c.d", {}, this,
                     [&](const QJsonObject &result, const ApiError &) { second = result["v"].toString(); });
        QTRY_COMPARE(service->asked.size(), 2);
        service->answer(service->asked[1]["id"].toInt(), {{"v", "two"}});
        QTRY_COMPARE(second, "two");
        QVERIFY(first.isEmpty());
        service->answer(service->asked[0]["id"].toInt(), {{"v", "one"}});
        QTRY_COMPARE(first, "one");
    }

    void anErrorBringsItsCodeAndData()
    {
        start();
        ApiError got;
        client->call("profiles.open", {}, this, [&](const QJsonObject &, const ApiError &error) { got = error; });
        QTRY_COMPARE(service->asked.size(), 1);
        service->say({{"jsonrpc", "2.0"},
                      {"id", service->asked[0]["id"]},
                      {"error", QJsonObject{{"code", -32000},
                                            {"message", "no"},
                                            {"data", QJsonObject{{"code", "pin-wrong"}, {"triesLeft", 3}}}}}});
        QTRY_COMPARE(got.code, "pin-wrong");
        QCOMPARE(got.data["triesLeft"].toInt(), 3);
    }

    void cancelIsToldAndTheAnswerIsDropped()
    {
        start();
        bool called = false;
        const int id =
            client->call("files.list", {}, this, [&](const QJsonObject &, const ApiError &) { called = true; });
        QTRY_COMPARE(service->asked.size(), 1);
        client->cancel(id);
        QTRY_COMPARE(service->asked.size(), 2);
        QCOMPARE(service->asked[1]["method"].toString(), "$/cancel");
        QCOMPARE(service->asked[1]["params"].toObject()["id"].toInt(), id);
        service->answer(id, {});
        bool next = false;
        client->call("jobs.list", {}, this, [&](const QJsonObject &, const ApiError &) { next = true; });
        QTRY_COMPARE(service->asked.size(), 3);
        service->answer(service->asked[2]["id"].toInt(), {});
        QTRY_VERIFY(next);
        QVERIFY(!called);
    }

    void aLostConnectionIsAnErrorForWhoWaitsAndThenMadeAgainFromTheLastEvent()
    {
        start();
        service->say({{"jsonrpc", "2.0"},
                      {"method", "event"},
                      {"params", QJsonObject{{"sequence", 57}, {"type", "job.changed"}, {"data", QJsonObject{}}}}});
        QString code;
        client->call("files.list", {}, this, [&](const QJsonObject &, const ApiError &error) { code = error.code; });
        QTRY_COMPARE(service->asked.size(), 1);
        bool reset = true;
        connect(client.get(), &ApiClient::synced, this, [&](bool anew) { reset = anew; });
        service->peer->abort();
        QTRY_COMPARE(code, "service-lost");
        QTRY_COMPARE(client->state(), ApiClient::State::Ready);
        QCOMPARE(service->subscribed["after"].toInt(), 57);
        QVERIFY(!reset);
    }

    void aServiceThatForgotTheEventsMakesThePanelReadAnew()
    {
        start();
        service->reset = true;
        bool reset = false;
        connect(client.get(), &ApiClient::synced, this, [&](bool anew) { reset = anew; });
        service->peer->abort();
        QTRY_VERIFY(reset);
    }

    void itWaitsForAServiceThatStartsLater()
    {
        client->start();
        QTRY_COMPARE(client->state(), ApiClient::State::Connecting);
        QVERIFY(service->listen());
        QTRY_COMPARE(client->state(), ApiClient::State::Ready);
        QCOMPARE(client->greeting()["device"].toObject()["name"].toString(), "Desk");
    }

    void aCallWithoutConnectionFailsAtOnceButLater()
    {
        QString code;
        client->call("jobs.list", {}, this, [&](const QJsonObject &, const ApiError &error) { code = error.code; });
        QVERIFY(code.isEmpty());
        QTRY_COMPARE(code, "service-lost");
    }

    void noiseDoesNotHurt()
    {
        start();
        service->peer->write("this is not json\n[1,2]\n{}\n\n{\"id\":99,\"result\":{}}\n");
        bool answered = false;
        client->call("jobs.list", {}, this, [&](const QJsonObject &, const ApiError &) { answered = true; });
        QTRY_COMPARE(service->asked.size(), 1);
        service->answer(service->asked[0]["id"].toInt(), {});
        QTRY_VERIFY(answered);
    }

    void anAnswerThatComesInPiecesIsPutTogether()
    {
        start();
        QString got;
        client->call("a.b", {}, this,
                     [&](const QJsonObject &result, const ApiError &) { got = result["v"].toString(); });
        QTRY_COMPARE(service->asked.size(), 1);
        const QByteArray line = "{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(service->asked[0]["id"].toInt()) +
                                ",\"result\":{\"v\":\"" + QByteArray(300'000, 'x') + "\"}}\n";
        service->peer->write(line.left(10));
        service->peer->flush();
        service->peer->write(line.mid(10));
        QTRY_COMPARE(got.size(), 300'000);
    }

    void theAnswerToACancelledCodeIsForTheScreenThatAsked()
    {
        start();
        Authorization linking(client.get());
        QSignalSpy cancelled(&linking, &Authorization::cancelled);
        QSignalSpy refused(&linking, &Authorization::notCancelled);
        const auto cancel = [&](const QString &profile) {
            linking.follow(profile, false);
            linking.cancel();
            const qsizetype before = service->asked.size();
            return QTest::qWaitFor([&] { return service->asked.size() >= before + 2; })
                       ? service->asked.last()["id"].toInt()
                       : 0;
        };
        const int first = cancel("one");
        QVERIFY(first);
        QVERIFY(linking.cancelling());
        linking.follow("two", false);
        QVERIFY(!linking.cancelling());
        const int second = cancel("three");
        QVERIFY(second);
        service->say({{"jsonrpc", "2.0"},
                      {"id", first},
                      {"error", QJsonObject{{"code", -32000}, {"data", QJsonObject{{"code", "pin-required"}}}}}});
        bool arrived = false;
        const int next =
            client->call("jobs.list", {}, this, [&](const QJsonObject &, const ApiError &) { arrived = true; });
        service->answer(next, {});
        QTRY_VERIFY(arrived);
        QVERIFY(linking.cancelling());
        service->answer(second, {});
        QTRY_COMPARE(cancelled.count(), 1);
        QVERIFY(!linking.cancelling());
        QCOMPARE(refused.count(), 0);
    }

private:
    void start()
    {
        QVERIFY(service->listen());
        client->start();
        QTRY_COMPARE(client->state(), ApiClient::State::Ready);
    }

    std::unique_ptr<QTemporaryDir> dir;
    std::unique_ptr<Service> service;
    std::unique_ptr<SocketCarrier> carrier;
    std::unique_ptr<ApiClient> client;
};

QTEST_GUILESS_MAIN(ApiClientTest)
#include "api_client_test.moc"
