package cli

import "dangan/internal/portal"

// Outside is the flag of where units and persons sign in.
type Outside struct {
	SignIn string `help:"单位和个人的登录服务（OpenID Connect）设置文件，见 README；不填则不开网上登录" name:"sign-in-file" env:"DANGAN_SIGN_IN_FILE" placeholder:"FILE"`
}

// providers reads what the flag names; none where nothing is named.
func (o Outside) providers() ([]portal.Provider, error) {
	if o.SignIn == "" {
		return nil, nil
	}
	return portal.ReadProviders(o.SignIn)
}
