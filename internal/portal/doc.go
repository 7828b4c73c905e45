// Package portal is the door for those from outside (issue of units and persons, 12c, 14,
// 29.3): a unit's authorized worker or a person signs in at a provider of identities
// (OpenID Connect, as 电子营业执照 and 渝快办 are), gets a session that is no staff session,
// and sees and hands in what concerns the own unit or the own person.
//
// Callers may rely on: the provider's answer is checked (state, nonce, PKCE, signature)
// before anybody is let in; who acts for a unit is asked anew at every request, so that an
// authorization that ends takes effect at once; and an actor of this room reaches the
// operations below /api/v1/portal only, which staff do not reach.
//
// What does not belong here: asking for materials (collect), taking in, looking at and
// returning what is sent (handin), registering who may act for a unit (account).
package portal
