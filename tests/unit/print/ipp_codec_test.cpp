// SPDX-License-Identifier: Apache-2.0
#include "print/ipp_codec.h"

#include <gmock/gmock.h>

#include <cstring>
#include <random>

namespace connector {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

std::string bytesOf(ipp_t *message)
{
    std::string bytes;
    ippSetState(message, IPP_STATE_IDLE);
    const auto write = [](void *context, ipp_uchar_t *data, std::size_t size) -> ssize_t {
        static_cast<std::string *>(context)->append(reinterpret_cast<char *>(data), size);
        return static_cast<ssize_t>(size);
    };
    while (ippWriteIO(&bytes, write, 1, nullptr, message) == IPP_STATE_ATTRIBUTE) {
    }
    return bytes;
}

ipp::Message answer(ipp_status_t status)
{
    ipp::Message message(ippNew());
    ippSetVersion(message.get(), 2, 0);
    ippSetStatusCode(message.get(), status);
    ippAddString(message.get(), IPP_TAG_OPERATION, IPP_TAG_CHARSET, "attributes-charset", nullptr, "utf-8");
    return message;
}

TEST(IppCodec, WritesTheTicketInIppsWords)
{
    Ticket ticket{.copies = 2, .colorMode = "color", .sides = "two-sided-long-edge", .quality = "high"};
    ticket.orientation = "landscape";
    ticket.pageRanges = {{1, 3}, {5, 5}};
    ipp::Message m = ipp::createJob("ipp://h/ipp/print", "Plan", ticket);
    EXPECT_EQ(ippGetOperation(m.get()), IPP_OP_CREATE_JOB);
    const auto integer = [&](const char *name) {
        return ippGetInteger(ippFindAttribute(m.get(), name, IPP_TAG_ZERO), 0);
    };
    EXPECT_EQ(integer("copies"), 2);
    EXPECT_EQ(integer("print-quality"), IPP_QUALITY_HIGH);
    EXPECT_EQ(integer("orientation-requested"), IPP_ORIENT_LANDSCAPE);
    EXPECT_STREQ(ippGetString(ippFindAttribute(m.get(), "sides", IPP_TAG_KEYWORD), 0, nullptr), "two-sided-long-edge");
    ipp_attribute_t *ranges = ippFindAttribute(m.get(), "page-ranges", IPP_TAG_RANGE);
    EXPECT_EQ(ippGetCount(ranges), 2);
    EXPECT_FALSE(ippFindAttribute(m.get(), "media", IPP_TAG_ZERO)) << "left to the printer";
}

TEST(IppCodec, TakesReasonsWithoutTheirSuffix)
{
    ipp::Message m = answer(IPP_STATUS_OK);
    ippAddInteger(m.get(), IPP_TAG_PRINTER, IPP_TAG_ENUM, "printer-state", IPP_PSTATE_STOPPED);
    const char *reasons[] = {"media-empty-error", "toner-low-warning", "cover-open", "paused-report"};
    ippAddStrings(m.get(), IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "printer-state-reasons", 4, nullptr, reasons);
    ippAddString(m.get(), IPP_TAG_PRINTER, IPP_TAG_TEXT, "printer-info", nullptr, "Hall");
    const PrinterStatus status = ipp::decodeStatus(m.get());
    EXPECT_EQ(status.state, PrinterState::Stopped);
    EXPECT_EQ(status.name, "Hall");
    ASSERT_EQ(status.reasons.size(), 4U);
    EXPECT_EQ(status.reasons[0].keyword, "media-empty");
    EXPECT_EQ(status.reasons[1].severity, PrinterReason::Severity::Warning);
    EXPECT_EQ(status.reasons[2].severity, PrinterReason::Severity::Error);
    EXPECT_THAT(status.keywords(), ElementsAre("media-empty", "toner-low", "cover-open"));
}

TEST(IppCodec, ABarePrinterGetsSensibleCapabilities)
{
    ipp::Message m = answer(IPP_STATUS_OK);
    const PrinterCapabilities c = ipp::decodeCapabilities(m.get());
    EXPECT_EQ(c.maxCopies, 1);
    EXPECT_THAT(c.colorModes, ElementsAre("monochrome"));
    EXPECT_THAT(c.sides, ElementsAre("one-sided"));
    EXPECT_FALSE(c.createJob);
}

TEST(IppCodec, PutsTheLoadedPaperFirst)
{
    ipp::Message m = answer(IPP_STATUS_OK);
    const char *media[] = {"iso_a3_297x420mm", "na_letter_8.5x11in", "iso_a4_210x297mm"};
    ippAddStrings(m.get(), IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-supported", 3, nullptr, media);
    ippAddString(m.get(), IPP_TAG_PRINTER, IPP_TAG_KEYWORD, "media-ready", nullptr, "iso_a4_210x297mm");
    EXPECT_EQ(ipp::decodeCapabilities(m.get()).media.front(), "iso_a4_210x297mm");
}

TEST(IppCodec, NamesWhatThePrinterRefuses)
{
    const struct {
        ipp_status_t status;
        Errc code;
        const char *stable;
    } rows[] = {{IPP_STATUS_ERROR_BUSY, Errc::Busy, "printer-busy"},
                {IPP_STATUS_ERROR_NOT_ACCEPTING_JOBS, Errc::Busy, "printer-busy"},
                {IPP_STATUS_ERROR_DOCUMENT_FORMAT_NOT_SUPPORTED, Errc::Unsupported, "format-unsupported"},
                {IPP_STATUS_ERROR_DOCUMENT_FORMAT_ERROR, Errc::DataLoss, "document-damaged"},
                {IPP_STATUS_ERROR_ATTRIBUTES_OR_VALUES, Errc::InvalidArgument, "ticket-refused"},
                {IPP_STATUS_ERROR_NOT_FOUND, Errc::NotFound, ""},
                {IPP_STATUS_ERROR_NOT_POSSIBLE, Errc::Conflict, ""},
                {IPP_STATUS_ERROR_NOT_AUTHENTICATED, Errc::Unauthenticated, ""},
                {IPP_STATUS_ERROR_INTERNAL, Errc::Unavailable, ""},
                {static_cast<ipp_status_t>(0x0999), Errc::BadReply, ""}};
    for (const auto &row : rows) {
        auto checked = ipp::check(answer(row.status).get());
        ASSERT_FALSE(checked);
        EXPECT_EQ(checked.error().code, row.code) << ippErrorString(row.status);
        EXPECT_EQ(checked.error().stable, row.stable);
    }
    EXPECT_TRUE(ipp::check(answer(IPP_STATUS_OK_IGNORED_OR_SUBSTITUTED).get()));
}

TEST(IppCodec, ReadsSeveralJobsOfOneAnswer)
{
    ipp::Message m = answer(IPP_STATUS_OK);
    for (int id : {4, 5}) {
        if (id == 5)
            ippAddSeparator(m.get());
        ippAddInteger(m.get(), IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", id);
        ippAddString(m.get(), IPP_TAG_JOB, IPP_TAG_NAME, "job-name", nullptr, id == 4 ? "A" : "B");
        ippAddInteger(m.get(), IPP_TAG_JOB, IPP_TAG_ENUM, "job-state",
                      id == 4 ? IPP_JSTATE_COMPLETED : IPP_JSTATE_HELD);
        ippAddString(m.get(), IPP_TAG_JOB, IPP_TAG_KEYWORD, "job-state-reasons", nullptr,
                     id == 4 ? "none" : "job-incoming");
    }
    const auto jobs = ipp::decodeJobs(m.get());
    ASSERT_EQ(jobs.size(), 2U);
    EXPECT_EQ(jobs[0].name, "A");
    EXPECT_EQ(jobs[0].job.state.phase, PrinterJobPhase::Completed);
    EXPECT_FALSE(jobs[0].job.incoming());
    EXPECT_EQ(jobs[1].job.id, 5);
    EXPECT_TRUE(jobs[1].job.incoming());
}

TEST(IppCodec, SurvivesWhateverIsOnTheWire)
{
    ipp::Message m = answer(IPP_STATUS_OK);
    ippAddInteger(m.get(), IPP_TAG_JOB, IPP_TAG_INTEGER, "job-id", 4);
    ippAddString(m.get(), IPP_TAG_JOB, IPP_TAG_NAME, "job-name", nullptr, "A");
    ippAddInteger(m.get(), IPP_TAG_JOB, IPP_TAG_ENUM, "job-state", IPP_JSTATE_COMPLETED);
    ippAddRange(m.get(), IPP_TAG_PRINTER, "copies-supported", 1, 99);
    const std::string good = bytesOf(m.get());
    ASSERT_TRUE(ipp::parse(good));
    std::minstd_rand random(3);
    for (int i = 0; i < 5000; ++i) {
        std::string bad = good;
        if (i % 3 == 0)
            bad.resize(random() % bad.size());
        for (int flips = 0; flips < 3 && !bad.empty(); ++flips)
            bad[random() % bad.size()] = static_cast<char>(random());
        if (auto parsed = ipp::parse(bad)) {
            (void)ipp::decodeJobs(parsed->get());
            (void)ipp::decodeStatus(parsed->get());
            (void)ipp::decodeCapabilities(parsed->get());
            (void)ipp::decodeJobState(parsed->get()).has_value();
            (void)ipp::decodeCreatedJob(parsed->get()).has_value();
            (void)ipp::check(parsed->get()).has_value();
        }
    }
}

} // namespace
} // namespace connector
