// SPDX-License-Identifier: Apache-2.0
// A value or the Error that stands in its place. Ignoring one is a compiler warning, and warnings are errors.
#pragma once

#include "core/error.h"

#include <cassert>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace connector {

template <class T>
class [[nodiscard]] Result {
    static_assert(!std::is_same_v<T, Error>, "a Result<Error> cannot tell its two sides apart");

public:
    Result(T value) : m_v(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_v(std::in_place_index<1>, std::move(error)) {}

    bool has_value() const noexcept { return m_v.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    T &operator*() &
    {
        assert(has_value());
        return *std::get_if<0>(&m_v);
    }
    const T &operator*() const &
    {
        assert(has_value());
        return *std::get_if<0>(&m_v);
    }
    T &&operator*() &&
    {
        assert(has_value());
        return std::move(*std::get_if<0>(&m_v));
    }
    T *operator->()
    {
        assert(has_value());
        return std::get_if<0>(&m_v);
    }
    const T *operator->() const
    {
        assert(has_value());
        return std::get_if<0>(&m_v);
    }
    const Error &error() const &
    {
        assert(!has_value());
        return *std::get_if<1>(&m_v);
    }
    Error &&error() &&
    {
        assert(!has_value());
        return std::move(*std::get_if<1>(&m_v));
    }

private:
    std::variant<T, Error> m_v;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool has_value() const noexcept { return !m_error; }
    explicit operator bool() const noexcept { return has_value(); }
    const Error &error() const &
    {
        assert(m_error);
        return *m_error;
    }
    Error &&error() &&
    {
        assert(m_error);
        return std::move(*m_error);
    }

private:
    std::optional<Error> m_error;
};

} // namespace connector
