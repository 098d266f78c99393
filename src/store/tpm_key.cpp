// SPDX-License-Identifier: Apache-2.0
#include "store/tpm_key.h"

#include <sodium.h>

#include <cstring>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_mu.h>
#include <tss2/tss2_rc.h>
#include <tss2/tss2_tctildr.h>

namespace connector {

namespace {

// Before the three parts of a sealed secret: the parent's name, the public part, the encrypted part.
constexpr std::string_view kMagic = "cloud-connector TPM 2.0 sealed key, version 1\n";

constexpr std::size_t kMostBytes = 128; // what every TPM can seal

Error failure(const char *what, TSS2_RC rc)
{
    if ((rc & TSS2_RC_LAYER_MASK) == TSS2_TCTI_RC_LAYER)
        return Error{Errc::LocalIo, "the TPM does not answer", "tpm", Tss2_RC_Decode(rc), 0, {}, "tpm-missing"};
    return Error{Errc::LocalIo, std::string("the TPM did not ") + what, "tpm", Tss2_RC_Decode(rc), 0, {}, "tpm-failed"};
}

Error damaged()
{
    return Error{Errc::DataLoss, "the sealed key was changed", "tpm", {}, 0, {}, "master-key-damaged"};
}

struct EsysFree {
    void operator()(void *memory) const { Esys_Free(memory); }
};
template <class T>
using EsysPointer = std::unique_ptr<T, EsysFree>;

// As the TCG's template for storage keys has it (ECC, P-256): the same key each time as long as the TPM is not cleared.
TPM2B_PUBLIC parentTemplate()
{
    TPM2B_PUBLIC out{};
    TPMT_PUBLIC &key = out.publicArea;
    key.type = TPM2_ALG_ECC;
    key.nameAlg = TPM2_ALG_SHA256;
    key.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_SENSITIVEDATAORIGIN |
                           TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;
    key.parameters.eccDetail.symmetric.algorithm = TPM2_ALG_AES;
    key.parameters.eccDetail.symmetric.keyBits.aes = 128;
    key.parameters.eccDetail.symmetric.mode.aes = TPM2_ALG_CFB;
    key.parameters.eccDetail.scheme.scheme = TPM2_ALG_NULL;
    key.parameters.eccDetail.curveID = TPM2_ECC_NIST_P256;
    key.parameters.eccDetail.kdf.scheme = TPM2_ALG_NULL;
    return out;
}

// No policy on the machine's state (docs/decisions/master-key.md), and no lock-out: there is nothing to guess.
TPM2B_PUBLIC sealedTemplate()
{
    TPM2B_PUBLIC out{};
    out.publicArea.type = TPM2_ALG_KEYEDHASH;
    out.publicArea.nameAlg = TPM2_ALG_SHA256;
    out.publicArea.objectAttributes =
        TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA;
    out.publicArea.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL;
    return out;
}

// A connection with the parent key loaded, and a session that encrypts what is secret on the way: the wires between
// processor and TPM can be listened to.
class Conversation {
public:
    static Result<std::unique_ptr<Conversation>> begin(const std::string &tcti)
    {
        auto talk = std::unique_ptr<Conversation>(new Conversation);
        if (const TSS2_RC rc = Tss2_TctiLdr_Initialize(tcti.c_str(), &talk->m_tcti); rc != TSS2_RC_SUCCESS)
            return Error{Errc::LocalIo, "no TPM answers there", "tpm", Tss2_RC_Decode(rc), 0, {}, "tpm-missing"};
        if (const TSS2_RC rc = Esys_Initialize(&talk->m_esys, talk->m_tcti, nullptr); rc != TSS2_RC_SUCCESS)
            return failure("begin", rc);
        if (const TSS2_RC rc = talk->makeParent(); rc != TSS2_RC_SUCCESS)
            return failure("make its storage key", rc);
        if (const TSS2_RC rc = talk->startSession(); rc != TSS2_RC_SUCCESS)
            return failure("start a session", rc);
        return talk;
    }
    Conversation(const Conversation &) = delete;
    Conversation &operator=(const Conversation &) = delete;
    ~Conversation()
    {
        for (const ESYS_TR handle : {m_loaded, m_session, m_parent})
            if (handle != ESYS_TR_NONE)
                (void)Esys_FlushContext(m_esys, handle);
        Esys_Finalize(&m_esys);
        Tss2_TctiLdr_Finalize(&m_tcti);
    }

    const TPM2B_NAME &parentName() const { return *m_parentName; }

    TSS2_RC seal(std::string_view secret, EsysPointer<TPM2B_PUBLIC> &publicPart,
                 EsysPointer<TPM2B_PRIVATE> &privatePart)
    {
        TPM2B_SENSITIVE_CREATE sensitive{};
        sensitive.sensitive.data.size = static_cast<UINT16>(secret.size());
        std::memcpy(sensitive.sensitive.data.buffer, secret.data(), secret.size());
        const TPM2B_PUBLIC wanted = sealedTemplate();
        const TPM2B_DATA noData{};
        const TPML_PCR_SELECTION noPcr{};
        TPM2B_PUBLIC *outPublic = nullptr;
        TPM2B_PRIVATE *outPrivate = nullptr;
        TSS2_RC rc = encrypt(TPMA_SESSION_DECRYPT);
        if (rc == TSS2_RC_SUCCESS)
            rc = Esys_Create(m_esys, m_parent, m_session, ESYS_TR_NONE, ESYS_TR_NONE, &sensitive, &wanted, &noData,
                             &noPcr, &outPrivate, &outPublic, nullptr, nullptr, nullptr);
        sodium_memzero(&sensitive, sizeof sensitive);
        publicPart.reset(outPublic);
        privatePart.reset(outPrivate);
        return rc;
    }

    TSS2_RC load(const TPM2B_PUBLIC &publicPart, const TPM2B_PRIVATE &privatePart)
    {
        return Esys_Load(m_esys, m_parent, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &privatePart, &publicPart,
                         &m_loaded);
    }

    TSS2_RC unseal(std::string &secret)
    {
        TPM2B_SENSITIVE_DATA *data = nullptr;
        TSS2_RC rc = encrypt(TPMA_SESSION_ENCRYPT);
        if (rc == TSS2_RC_SUCCESS)
            rc = Esys_Unseal(m_esys, m_loaded, m_session, ESYS_TR_NONE, ESYS_TR_NONE, &data);
        if (rc != TSS2_RC_SUCCESS)
            return rc;
        secret.assign(reinterpret_cast<const char *>(data->buffer), data->size);
        sodium_memzero(data, sizeof *data);
        Esys_Free(data);
        return rc;
    }

private:
    Conversation() = default;

    TSS2_RC makeParent()
    {
        const TPM2B_SENSITIVE_CREATE noSecret{};
        const TPM2B_PUBLIC wanted = parentTemplate();
        const TPM2B_DATA noData{};
        const TPML_PCR_SELECTION noPcr{};
        TSS2_RC rc =
            Esys_CreatePrimary(m_esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &noSecret,
                               &wanted, &noData, &noPcr, &m_parent, nullptr, nullptr, nullptr, nullptr);
        if (rc != TSS2_RC_SUCCESS)
            return rc;
        TPM2B_NAME *name = nullptr;
        rc = Esys_TR_GetName(m_esys, m_parent, &name);
        m_parentName.reset(name);
        return rc;
    }

    TSS2_RC startSession()
    {
        TPMT_SYM_DEF symmetric{};
        symmetric.algorithm = TPM2_ALG_AES;
        symmetric.keyBits.aes = 128;
        symmetric.mode.aes = TPM2_ALG_CFB;
        return Esys_StartAuthSession(m_esys, m_parent, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, nullptr,
                                     TPM2_SE_HMAC, &symmetric, TPM2_ALG_SHA256, &m_session);
    }

    // The direction is named from the TPM: it decrypts what we send, and encrypts what it answers.
    TSS2_RC encrypt(TPMA_SESSION direction)
    {
        return Esys_TRSess_SetAttributes(m_esys, m_session, TPMA_SESSION_CONTINUESESSION | direction, 0xff);
    }

    TSS2_TCTI_CONTEXT *m_tcti = nullptr;
    ESYS_CONTEXT *m_esys = nullptr;
    ESYS_TR m_parent = ESYS_TR_NONE, m_session = ESYS_TR_NONE, m_loaded = ESYS_TR_NONE;
    EsysPointer<TPM2B_NAME> m_parentName;
};

// Appends one part in the TPM's own form.
template <class T>
bool append(std::string &out, const T &part, TSS2_RC (*marshal)(const T *, std::uint8_t *, std::size_t, std::size_t *))
{
    std::uint8_t buffer[sizeof(T) + 2];
    std::size_t used = 0;
    if (marshal(&part, buffer, sizeof buffer, &used) != TSS2_RC_SUCCESS)
        return false;
    out.append(reinterpret_cast<const char *>(buffer), used);
    return true;
}

// The parts of a sealed secret, as they are stored.
std::optional<std::string> written(const TPM2B_NAME &parent, const TPM2B_PUBLIC &publicPart,
                                   const TPM2B_PRIVATE &privatePart)
{
    std::string out(kMagic);
    if (!append(out, parent, Tss2_MU_TPM2B_NAME_Marshal) || !append(out, publicPart, Tss2_MU_TPM2B_PUBLIC_Marshal) ||
        !append(out, privatePart, Tss2_MU_TPM2B_PRIVATE_Marshal))
        return std::nullopt;
    return out;
}

template <class T>
bool take(std::string_view sealed, std::size_t &at, T &part,
          TSS2_RC (*unmarshal)(const std::uint8_t *, std::size_t, std::size_t *, T *))
{
    return unmarshal(reinterpret_cast<const std::uint8_t *>(sealed.data()), sealed.size(), &at, &part) ==
           TSS2_RC_SUCCESS;
}

// Nothing ends a conversation with a TPM that says nothing: the way to it blocks where no signal comes. So it has a
// thread of its own, which is left alone after the deadline and goes with the process.
template <class Talk>
Result<std::string> within(std::chrono::milliseconds patience, Talk talk)
{
    std::packaged_task<Result<std::string>()> task(std::move(talk));
    auto answer = task.get_future();
    std::thread(std::move(task)).detach();
    if (answer.wait_for(patience) != std::future_status::ready)
        return Error{Errc::LocalIo, "the TPM did not answer in time", "tpm", {}, 0, {}, "tpm-silent"};
    return answer.get();
}

Result<std::string> seal(const std::string &tcti, std::string_view secret)
{
    if (secret.empty() || secret.size() > kMostBytes)
        return Error{Errc::InvalidArgument, "no secret of 1 to 128 bytes", "tpm"};
    auto talk = Conversation::begin(tcti);
    if (!talk)
        return std::move(talk).error();
    EsysPointer<TPM2B_PUBLIC> publicPart;
    EsysPointer<TPM2B_PRIVATE> privatePart;
    if (const TSS2_RC rc = (*talk)->seal(secret, publicPart, privatePart); rc != TSS2_RC_SUCCESS)
        return failure("seal the key", rc);
    auto out = written((*talk)->parentName(), *publicPart, *privatePart);
    if (!out)
        return Error{Errc::LocalIo, "the TPM's answer cannot be written down", "tpm", {}, 0, {}, "tpm-failed"};
    return *std::move(out);
}

Result<std::string> unseal(const std::string &tcti, std::string_view sealed)
{
    TPM2B_NAME parent{};
    TPM2B_PUBLIC publicPart{};
    TPM2B_PRIVATE privatePart{};
    std::size_t at = kMagic.size();
    if (sealed.substr(0, kMagic.size()) != kMagic || !take(sealed, at, parent, Tss2_MU_TPM2B_NAME_Unmarshal) ||
        !take(sealed, at, publicPart, Tss2_MU_TPM2B_PUBLIC_Unmarshal) ||
        !take(sealed, at, privatePart, Tss2_MU_TPM2B_PRIVATE_Unmarshal) ||
        written(parent, publicPart, privatePart) != sealed)
        return damaged();
    auto talk = Conversation::begin(tcti);
    if (!talk)
        return std::move(talk).error();
    const TPM2B_NAME &here = (*talk)->parentName();
    if (here.size != parent.size || std::memcmp(here.name, parent.name, parent.size) != 0)
        return Error{Errc::DataLoss, "another TPM sealed the key, or this one was cleared", "tpm", {}, 0, {},
                     "tpm-other"};
    if (const TSS2_RC rc = (*talk)->load(publicPart, privatePart); rc != TSS2_RC_SUCCESS) {
        const bool refusesTheBlob = (rc & TSS2_RC_LAYER_MASK) == 0 && (rc & TPM2_RC_FMT1) != 0;
        return refusesTheBlob ? damaged() : failure("load the sealed key", rc);
    }
    std::string secret;
    if (const TSS2_RC rc = (*talk)->unseal(secret); rc != TSS2_RC_SUCCESS)
        return failure("open the sealed key", rc);
    return secret;
}

} // namespace

Result<std::string> sealWithTpm(const std::string &tcti, std::string_view secret, std::chrono::milliseconds patience)
{
    return within(patience, [tcti, copy = std::string(secret)]() mutable {
        auto sealed = seal(tcti, copy);
        sodium_memzero(copy.data(), copy.size());
        return sealed;
    });
}

Result<std::string> unsealWithTpm(const std::string &tcti, std::string_view sealed, std::chrono::milliseconds patience)
{
    return within(patience, [tcti, copy = std::string(sealed)] { return unseal(tcti, copy); });
}

} // namespace connector
