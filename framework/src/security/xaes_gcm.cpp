#include "security/xaes_gcm.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace h3::security {
namespace {

void requireOpenSsl(bool done) {
  if (!done) throw std::runtime_error("OpenSSL cannot run AES-256-GCM");
}

struct FreeCipherContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// A context of this thread. It keeps its cipher: with another key and nonce it allocates nothing.
EVP_CIPHER_CTX* threadContext(std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext>& slot,
                              const EVP_CIPHER* cipher) {
  if (!slot) {
    std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext> made(EVP_CIPHER_CTX_new());
    requireOpenSsl(made && EVP_EncryptInit_ex2(made.get(), cipher, nullptr, nullptr, nullptr) == 1);
    EVP_CIPHER_CTX_set_padding(made.get(), 0);
    slot = std::move(made);
  }
  return slot.get();
}

EVP_CIPHER_CTX* gcmContext() {
  thread_local std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext> context;
  return threadContext(context, EVP_aes_256_gcm());
}

EVP_CIPHER_CTX* blockContext() {
  thread_local std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext> context;
  return threadContext(context, EVP_aes_256_ecb());
}

unsigned char* bytesOf(char* text) { return reinterpret_cast<unsigned char*>(text); }

// Encrypts blocks under the key, each by itself.
void encryptBlocks(std::span<const std::uint8_t> key, std::span<std::uint8_t> blocks) {
  EVP_CIPHER_CTX* const context = blockContext();
  int written = 0;
  requireOpenSsl(EVP_EncryptInit_ex2(context, nullptr, key.data(), nullptr, nullptr) == 1 &&
                 EVP_EncryptUpdate(context, blocks.data(), &written, blocks.data(),
                                   static_cast<int>(blocks.size())) == 1);
}

void addKnown(EVP_CIPHER_CTX* context, std::string_view known) {
  int written = 0;
  requireOpenSsl(EVP_CipherUpdate(context, nullptr, &written,
                                  reinterpret_cast<const unsigned char*>(known.data()),
                                  static_cast<int>(known.size())) == 1);
}

// OpenSSL takes no null output, not even for no bytes: that would be `known`.
void runCipher(EVP_CIPHER_CTX* context, std::span<char> text) {
  int written = 0;
  if (text.empty()) return;
  requireOpenSsl(EVP_CipherUpdate(context, bytesOf(text.data()), &written, bytesOf(text.data()),
                                  static_cast<int>(text.size())) == 1);
}

}  // namespace

// K1 of CMAC (NIST SP 800-38B 6.1): the encrypted zero block, doubled in GF(2^128).
XaesGcm::XaesGcm(std::span<const std::uint8_t, kKeyBytes> key) : subkey_{} {
  std::copy(key.begin(), key.end(), key_.begin());
  encryptBlocks(key_, subkey_);
  const unsigned carry = subkey_[0] >> 7;
  for (std::size_t i = 0; i < subkey_.size(); ++i) {
    const unsigned next = i + 1 < subkey_.size() ? subkey_[i + 1] >> 7 : 0U;
    subkey_[i] = static_cast<std::uint8_t>(subkey_[i] << 1 | next);
  }
  subkey_.back() = static_cast<std::uint8_t>(subkey_.back() ^ (carry * 0x87));
}

XaesGcm::~XaesGcm() {
  OPENSSL_cleanse(key_.data(), key_.size());
  OPENSSL_cleanse(subkey_.data(), subkey_.size());
}

// Two CMACs of one block each: counter, 'X', 0, first half of the nonce (NIST SP 800-108, counter mode).
std::array<std::uint8_t, XaesGcm::kKeyBytes> XaesGcm::messageKey(Nonce nonce) const {
  std::array<std::uint8_t, kKeyBytes> derived{};
  for (std::uint8_t counter = 1; counter <= 2; ++counter) {
    const std::span<std::uint8_t> block = std::span(derived).subspan((counter - 1U) * 16, 16);
    block[1] = counter;
    block[2] = 'X';
    std::copy_n(nonce.begin(), 12, block.begin() + 4);
    for (std::size_t i = 0; i < block.size(); ++i) block[i] ^= subkey_[i];
  }
  encryptBlocks(key_, derived);
  return derived;
}

void XaesGcm::seal(Nonce nonce, std::string_view known, std::span<char> text, char* tag) const {
  auto key = messageKey(nonce);
  EVP_CIPHER_CTX* const context = gcmContext();
  const bool ready = EVP_EncryptInit_ex2(context, nullptr, key.data(), nonce.data() + 12, nullptr) == 1;
  OPENSSL_cleanse(key.data(), key.size());
  requireOpenSsl(ready);
  addKnown(context, known);
  runCipher(context, text);
  int written = 0;
  std::array<unsigned char, kTagBytes> none;
  requireOpenSsl(EVP_EncryptFinal_ex(context, none.data(), &written) == 1 &&
                 EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, tag) == 1);
}

bool XaesGcm::open(Nonce nonce, std::string_view known, std::span<char> text, const char* tag) const {
  auto key = messageKey(nonce);
  EVP_CIPHER_CTX* const context = gcmContext();
  const bool ready = EVP_DecryptInit_ex2(context, nullptr, key.data(), nonce.data() + 12, nullptr) == 1;
  OPENSSL_cleanse(key.data(), key.size());
  requireOpenSsl(ready &&
                 EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kTagBytes, const_cast<char*>(tag)) == 1);
  addKnown(context, known);
  runCipher(context, text);
  int written = 0;
  std::array<unsigned char, kTagBytes> none;
  if (EVP_DecryptFinal_ex(context, none.data(), &written) == 1) return true;
  if (!text.empty()) OPENSSL_cleanse(text.data(), text.size());
  return false;
}

}  // namespace h3::security
