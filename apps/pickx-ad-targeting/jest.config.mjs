import preset from '../../jest.preset.mjs';

export default { ...preset, displayName: 'pickx-ad-targeting' };
