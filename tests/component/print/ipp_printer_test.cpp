// SPDX-License-Identifier: Apache-2.0
// The IPP driver against a real printer (ippeveprinter).
#include "core/random.h"
#include "print/printer.h"
#include "support/ipp_printer.h"
#include "support/pdf.h"
#include "support/temp_folder.h"

#include <gmock/gmock.h>

#include <arpa/inet.h>
#include <fstream>
#include <functional>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace connector {
namespace {

using namespace std::chrono_literals;
using test::IppPrinter;
using test::makePdf;
using ::testing::Contains;
using ::testing::ElementsAre;

class IppPrinterTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        m_device = std::make_unique<IppPrinter>(
            test::IppPrinterOptions{.programs = PROGRAMS, .state = m_folder.path() / "printer"});
        m_device->setPageTime(0ms);
        ASSERT_EQ(m_device->start(), "");
        auto made = makeIppPrinter(m_device->uri());
        ASSERT_TRUE(made);
        m_printer = *std::move(made);
    }

    static Call call(std::chrono::milliseconds limit = 20s) { return Call{}.within(limit); }

    Result<int> print(const std::string &name, const Ticket &ticket, std::string document)
    {
        auto id = m_printer->createJob(name, ticket, call());
        if (!id)
            return id;
        StringSource source(std::move(document));
        if (auto r = m_printer->sendDocument(*id, source, "application/pdf", "Plan.pdf", call()); !r)
            return std::move(r).error();
        return id;
    }

    // Asks for the job's state until it suits, or for 20 seconds.
    PrinterJobState waitForJob(int id, const std::function<bool(const PrinterJobState &)> &suits)
    {
        PrinterJobState last;
        const Call limit = call();
        while (limit.poll()) {
            auto state = m_printer->jobState(id, call());
            if (state)
                last = *state;
            if (state && suits(last))
                return last;
            (void)waitFor(20ms, limit).has_value();
        }
        ADD_FAILURE() << "the job stayed " << toString(last.phase);
        return last;
    }
    PrinterJobState waitForEnd(int id)
    {
        return waitForJob(id, [](const PrinterJobState &s) { return isOver(s.phase); });
    }
    PrinterStatus waitForStatus(const std::function<bool(const PrinterStatus &)> &suits)
    {
        PrinterStatus last;
        const Call limit = call();
        while (limit.poll()) {
            auto status = m_printer->status(call());
            if (status)
                last = *status;
            if (status && suits(last))
                return last;
            (void)waitFor(20ms, limit).has_value();
        }
        ADD_FAILURE() << "the printer stayed " << toString(last.state);
        return last;
    }

    test::TempFolder m_folder;
    std::unique_ptr<IppPrinter> m_device;
    std::unique_ptr<Printer> m_printer;
};

TEST_F(IppPrinterTest, TellsWhatItCanDo)
{
    auto c = m_printer->capabilities(call());
    ASSERT_TRUE(c) << describe(c.error());
    EXPECT_EQ(c->maxCopies, 99);
    EXPECT_THAT(c->colorModes, ElementsAre("auto", "color", "monochrome"));
    EXPECT_THAT(c->sides, ElementsAre("one-sided", "two-sided-long-edge", "two-sided-short-edge"));
    EXPECT_THAT(c->media, Contains("iso_a4_210x297mm"));
    EXPECT_THAT(c->formats, Contains("application/pdf"));
    EXPECT_THAT(c->qualities, ElementsAre("draft", "normal", "high"));
    EXPECT_EQ(c->defaultMedia, "iso_a4_210x297mm");
    EXPECT_EQ(c->defaultSides, "one-sided");
    EXPECT_EQ(c->defaultColorMode, "auto");
    EXPECT_EQ(c->defaultQuality, "normal");
    EXPECT_TRUE(c->createJob);
    EXPECT_TRUE(c->pageRanges);
}

TEST_F(IppPrinterTest, PrintsAPdfWithCopiesAndSidesAndColour)
{
    const std::string pdf = makePdf(3);
    Ticket ticket;
    ticket.copies = 2;
    ticket.sides = "two-sided-long-edge";
    ticket.colorMode = "monochrome";
    ticket.media = "iso_a5_148x210mm";
    ticket.quality = "high";
    const auto id = print("Plan " + makeUuid(), ticket, pdf);
    ASSERT_TRUE(id) << describe(id.error());
    const PrinterJobState end = waitForEnd(*id);
    EXPECT_EQ(end.phase, PrinterJobPhase::Completed);
    EXPECT_EQ(end.impressionsCompleted, 6);
    const auto attributes = m_device->attributes(*id);
    EXPECT_EQ(attributes.at("copies"), "2");
    EXPECT_EQ(attributes.at("sides"), "two-sided-long-edge");
    EXPECT_EQ(attributes.at("print-color-mode"), "monochrome");
    EXPECT_EQ(attributes.at("media"), "iso_a5_148x210mm");
    EXPECT_EQ(attributes.at("print-quality"), "high");
    EXPECT_EQ(attributes.at("document-format"), "application/pdf");
    ASSERT_EQ(m_device->documents().size(), 1U);
    EXPECT_EQ(test::slurp(m_device->documents()[0]), pdf);
}

TEST_F(IppPrinterTest, PrintsOnlyThePagesAskedFor)
{
    Ticket ticket;
    ticket.pageRanges = {{2, 3}, {5, 5}};
    const auto id = print("Pages", ticket, makePdf(6));
    ASSERT_TRUE(id) << describe(id.error());
    EXPECT_EQ(waitForEnd(*id).impressionsCompleted, 3);
    EXPECT_EQ(m_device->attributes(*id).at("page-ranges"), "2-3,5-5");
}

TEST_F(IppPrinterTest, PrintsADocumentLargerThanAnyBufferAndTellsTheBytesSent)
{
    const std::string pdf = makePdf(2, 24U << 20U);
    const auto id = m_printer->createJob("Large", {}, call());
    ASSERT_TRUE(id);
    StringSource source(pdf);
    Call watched = call();
    std::int64_t last = 0;
    int reports = 0;
    watched.onProgress = [&](Progress p) {
        EXPECT_GE(p.bytes, last);
        EXPECT_EQ(p.totalBytes, static_cast<std::int64_t>(pdf.size()));
        last = p.bytes;
        ++reports;
    };
    auto sent = m_printer->sendDocument(*id, source, "application/pdf", "Large.pdf", watched);
    ASSERT_TRUE(sent) << describe(sent.error());
    EXPECT_EQ(last, static_cast<std::int64_t>(pdf.size()));
    EXPECT_GT(reports, 10);
    EXPECT_EQ(waitForEnd(*id).phase, PrinterJobPhase::Completed);
    EXPECT_EQ(std::filesystem::file_size(m_device->documents().at(0)), pdf.size());
}

TEST_F(IppPrinterTest, AnEmptyTrayIsAReasonAndThePrintingGoesOnWhenItIsFilled)
{
    m_device->setPageTime(30ms);
    m_device->setConditions({"media-empty"});
    const auto id = print("Waiting", {}, makePdf(2));
    ASSERT_TRUE(id);
    const PrinterStatus status = waitForStatus([](const PrinterStatus &s) { return !s.keywords().empty(); });
    EXPECT_THAT(status.keywords(), Contains("media-empty"));
    EXPECT_FALSE(isOver(m_printer->jobState(*id, call())->phase));
    m_device->setConditions({});
    EXPECT_EQ(waitForEnd(*id).phase, PrinterJobPhase::Completed);
    EXPECT_THAT(waitForStatus([](const PrinterStatus &s) { return s.state == PrinterState::Idle; }).keywords(),
                ElementsAre());
}

TEST_F(IppPrinterTest, AJobThatThePrinterAbortsIsAborted)
{
    m_device->setConditions({"abort"});
    const auto id = print("Aborted", {}, makePdf(1));
    ASSERT_TRUE(id);
    EXPECT_EQ(waitForEnd(*id).phase, PrinterJobPhase::Aborted);
}

TEST_F(IppPrinterTest, ACancelEndsAJobThatIsPrinting)
{
    m_device->setPageTime(100ms);
    const auto id = print("Long", {}, makePdf(500));
    ASSERT_TRUE(id);
    waitForJob(*id, [](const PrinterJobState &s) { return s.impressionsCompleted > 1; });
    ASSERT_TRUE(m_printer->cancelJob(*id, call()));
    EXPECT_EQ(waitForEnd(*id).phase, PrinterJobPhase::Canceled);
    EXPECT_TRUE(m_printer->cancelJob(*id, call())) << "a second cancel changes nothing";
}

TEST_F(IppPrinterTest, ASecondJobMeetsABusyPrinter)
{
    m_device->setPageTime(50ms);
    const auto first = print("First", {}, makePdf(100));
    ASSERT_TRUE(first);
    const auto second = m_printer->createJob("Second", {}, call());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Busy);
    EXPECT_EQ(stableCode(second.error()), "printer-busy");
    ASSERT_TRUE(m_printer->cancelJob(*first, call()));
    waitForEnd(*first);
    EXPECT_TRUE(m_printer->createJob("Second", {}, call()));
}

TEST_F(IppPrinterTest, FindsAJobByItsNameFromAnotherObjectAndNoneByAnother)
{
    m_device->setPageTime(50ms);
    const std::string done = "Done " + makeUuid();
    const std::string open = "Open " + makeUuid();
    const auto first = print(done, {}, makePdf(1));
    ASSERT_TRUE(first);
    waitForEnd(*first);
    const auto second = print(open, {}, makePdf(50));
    ASSERT_TRUE(second);

    auto other = makeIppPrinter(m_device->uri());
    ASSERT_TRUE(other);
    auto found = (*other)->findJob(done, call());
    ASSERT_TRUE(found) << describe(found.error());
    ASSERT_TRUE(found->has_value());
    EXPECT_EQ((*found)->id, *first);
    EXPECT_EQ((*found)->state.phase, PrinterJobPhase::Completed);
    found = (*other)->findJob(open, call());
    ASSERT_TRUE(found && found->has_value());
    EXPECT_EQ((*found)->id, *second);
    EXPECT_FALSE(isOver((*found)->state.phase));
    EXPECT_FALSE((*found)->incoming());
    found = (*other)->findJob("Open", call());
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->has_value());
    ASSERT_TRUE(m_printer->cancelJob(*second, call()));
}

TEST_F(IppPrinterTest, AJobWhoseDocumentNeverCameIsSeenAsIncoming)
{
    const auto id = m_printer->createJob("Empty", {}, call());
    ASSERT_TRUE(id);
    auto found = m_printer->findJob("Empty", call());
    ASSERT_TRUE(found && found->has_value());
    EXPECT_FALSE(isOver((*found)->state.phase));
    EXPECT_TRUE((*found)->incoming()) << ::testing::PrintToString((*found)->state.reasons);
    EXPECT_TRUE(m_printer->cancelJob(*id, call()));
}

TEST_F(IppPrinterTest, AJobThatThePrinterDoesNotKnowIsNotFound)
{
    const auto state = m_printer->jobState(4711, call());
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, Errc::NotFound);
}

TEST_F(IppPrinterTest, AFormatThatThePrinterLacksIsUnsupported)
{
    const auto id = m_printer->createJob("Word", {}, call());
    ASSERT_TRUE(id);
    StringSource source("no matter");
    const auto sent = m_printer->sendDocument(*id, source, "application/msword", "x.doc", call());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::Unsupported);
    EXPECT_EQ(stableCode(sent.error()), "format-unsupported");
}

// A source that gives bytes until it is told that someone wants it to stall or break.
class SlowSource : public ByteSource {
public:
    SlowSource(std::stop_source stop, std::int64_t announced) : m_stop(std::move(stop)), m_announced(announced) {}
    Result<std::size_t> read(std::span<char> buffer) override
    {
        if (m_reads++ == 20) {
            if (m_stop.stop_possible())
                m_stop.request_stop();
            return Error{Errc::LocalIo, "the disk broke"};
        }
        std::fill(buffer.begin(), buffer.end(), 'x');
        return buffer.size();
    }
    std::optional<std::int64_t> size() const override { return m_announced; }

private:
    std::stop_source m_stop;
    std::int64_t m_announced;
    int m_reads = 0;
};

TEST_F(IppPrinterTest, ACancelWhileSendingLeavesNothingThatIsPrinted)
{
    const auto id = m_printer->createJob("Half", {}, call());
    ASSERT_TRUE(id);
    std::stop_source stop;
    SlowSource source(stop, 100'000'000);
    Call stopped = call();
    stopped.stop = stop.get_token();
    const auto sent = m_printer->sendDocument(*id, source, "application/pdf", "x.pdf", stopped);
    ASSERT_FALSE(sent);
    EXPECT_TRUE(m_printer->cancelJob(*id, call()));
    const PrinterJobState end = waitForEnd(*id);
    EXPECT_NE(end.phase, PrinterJobPhase::Completed);
    EXPECT_LE(end.impressionsCompleted, 0);
}

TEST_F(IppPrinterTest, ASourceThatBreaksGivesItsErrorAndNoPrint)
{
    const auto id = m_printer->createJob("Broken", {}, call());
    ASSERT_TRUE(id);
    SlowSource source(std::stop_source(std::nostopstate), 100'000'000);
    const auto sent = m_printer->sendDocument(*id, source, "application/pdf", "x.pdf", call());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::LocalIo);
    EXPECT_TRUE(m_printer->cancelJob(*id, call()));
    EXPECT_NE(waitForEnd(*id).phase, PrinterJobPhase::Completed);
}

TEST_F(IppPrinterTest, AShortSourceIsDataLossAndNoPrint)
{
    const auto id = m_printer->createJob("Short", {}, call());
    ASSERT_TRUE(id);
    StringSource source(makePdf(1), 1'000'000);
    const auto sent = m_printer->sendDocument(*id, source, "application/pdf", "x.pdf", call());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::DataLoss);
    EXPECT_TRUE(m_printer->cancelJob(*id, call()));
    EXPECT_NE(waitForEnd(*id).phase, PrinterJobPhase::Completed);
}

TEST_F(IppPrinterTest, APrinterThatIsGoneIsUnreachableAndComesBack)
{
    m_device->stop(true);
    const auto status = m_printer->status(call());
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, PrinterState::Unreachable);
    EXPECT_THAT(status->keywords(), ElementsAre("printer-unreachable"));
    const auto created = m_printer->createJob("Nobody", {}, call());
    ASSERT_FALSE(created);
    EXPECT_EQ(created.error().code, Errc::Offline);
    EXPECT_EQ(stableCode(created.error()), "printer-unreachable");
    ASSERT_EQ(m_device->start(), "");
    EXPECT_EQ(waitForStatus([](const PrinterStatus &s) { return s.state == PrinterState::Idle; }).state,
              PrinterState::Idle);
}

TEST_F(IppPrinterTest, AnAddressWithoutAPrinterIsUnreachable)
{
    std::string uri = m_device->uri();
    auto nobody = makeIppPrinter(uri.replace(uri.find("/ipp/print"), std::string::npos, "/printers/nobody"));
    ASSERT_TRUE(nobody);
    const auto status = (*nobody)->status(call());
    ASSERT_TRUE(status) << describe(status.error());
    EXPECT_EQ(status->state, PrinterState::Unreachable);
    const auto created = (*nobody)->createJob("x", {}, call());
    ASSERT_FALSE(created);
    EXPECT_EQ(stableCode(created.error()), "printer-unreachable");
}

TEST_F(IppPrinterTest, APrinterThatDiesWhileItReceivesIsUnreachable)
{
    const auto id = m_printer->createJob("Dies", {}, call());
    ASSERT_TRUE(id);
    class Killer : public StringSource {
    public:
        explicit Killer(IppPrinter &device) : StringSource(std::string(50'000'000, 'x')), m_device(device) {}
        Result<std::size_t> read(std::span<char> buffer) override
        {
            if (++m_reads == 30)
                m_device.stop(true);
            return StringSource::read(buffer);
        }

    private:
        IppPrinter &m_device;
        int m_reads = 0;
    } source(*m_device);
    const auto sent = m_printer->sendDocument(*id, source, "application/pdf", "x.pdf", call());
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::Offline) << describe(sent.error());
}

// A socket that accepts and says nothing.
class MutePrinter {
public:
    MutePrinter()
    {
        m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(m_fd, reinterpret_cast<sockaddr *>(&address), length);
        ::listen(m_fd, 5);
        ::getsockname(m_fd, reinterpret_cast<sockaddr *>(&address), &length);
        uri = "ipp://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/ipp/print";
    }
    ~MutePrinter() { ::close(m_fd); }
    MutePrinter(const MutePrinter &) = delete;
    MutePrinter &operator=(const MutePrinter &) = delete;
    std::string uri;

private:
    int m_fd = -1;
};

TEST(MutePrinterTest, AStopEndsAWaitingCallAtOnce)
{
    MutePrinter mute;
    for (const std::string &uri : {mute.uri, "ipps" + mute.uri.substr(3)}) {
        auto printer = makeIppPrinter(uri);
        ASSERT_TRUE(printer);
        std::stop_source stop;
        Call call = Call{}.within(20s);
        call.stop = stop.get_token();
        Call::Clock::time_point asked;
        std::jthread other([&] {
            (void)waitFor(300ms, Call{}).has_value(); // until the call waits for its answer
            asked = Call::Clock::now();
            stop.request_stop();
        });
        const auto status = (*printer)->status(call);
        const auto ended = Call::Clock::now();
        other.join();
        ASSERT_FALSE(status);
        EXPECT_EQ(status.error().code, Errc::Cancelled);
        EXPECT_LT(ended - asked, 50ms) << uri;
    }
}

TEST(MutePrinterTest, TheDeadlineEndsAWaitingCall)
{
    MutePrinter mute;
    auto printer = makeIppPrinter(mute.uri);
    ASSERT_TRUE(printer);
    const auto start = Call::Clock::now();
    const auto status = (*printer)->status(Call{}.within(400ms));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Errc::Timeout);
    EXPECT_LT(Call::Clock::now() - start, 2s);
}

TEST(IppAddressTest, RefusesWhatIsNoPrintersAddress)
{
    for (const char *uri :
         {"", "http://host/ipp/print", "ipp://", "cups:", "cups:a/b", "ipp://user:secret@host/x", "x"})
        EXPECT_FALSE(makeIppPrinter(uri)) << uri;
    for (const char *uri :
         {"ipp://host/ipp/print", "ipps://host:8631/ipp/print", "cups:Office", "ipp://localhost/printers/A"})
        EXPECT_TRUE(makeIppPrinter(uri)) << uri;
}

} // namespace
} // namespace connector
